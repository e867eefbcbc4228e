"""Texts that are alike become clusters: the same ones in any order, nobody twice, no chains."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching.clusters import binding_words, clusters
from app.engines.matching.likeness import Library

LIBRARY = Library(100, 5.0, 20.0, {"hip": 2, "click": 3, "leg": 40, "foot": 5})
Edges = dict[tuple[int, int], float]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], Edges]:
    refs = draw(st.lists(st.integers(1, 40), unique=True, max_size=20))
    pairs = [(one, other) for one in refs for other in refs if one < other]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    strengths = st.floats(0.1, 1.0)
    return refs, {pair: draw(strengths) for pair in chosen}


@given(graphs())
def test_every_text_is_in_exactly_one_cluster(graph: tuple[list[int], Edges]) -> None:
    refs, edges = graph
    found = [ref for cluster in clusters(refs, edges) for ref in cluster.members]
    assert sorted(found) == sorted(refs)


@given(graphs())
def test_every_member_is_like_the_middle_itself(graph: tuple[list[int], Edges]) -> None:
    refs, edges = graph
    for cluster in clusters(refs, edges):
        assert cluster.middle in cluster.members
        for ref in cluster.members:
            pair = (min(ref, cluster.middle), max(ref, cluster.middle))
            assert ref == cluster.middle or pair in edges


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_changes_no_cluster(graph: tuple[list[int], Edges], dice: random.Random) -> None:
    refs, edges = graph
    mixed, lines = list(refs), list(edges.items())
    dice.shuffle(mixed)
    dice.shuffle(lines)
    assert clusters(mixed, dict(lines)) == clusters(refs, edges)


@given(graphs())
def test_two_that_are_alike_are_never_both_alone(graph: tuple[list[int], Edges]) -> None:
    refs, edges = graph
    alone = {one.middle for one in clusters(refs, edges) if len(one.members) == 1}
    taken = {ref for one in clusters(refs, edges) for ref in one.members if len(one.members) > 1}
    assert all(not {one, other} <= alone for one, other in edges)
    assert not alone & taken


def test_a_chain_of_neighbours_is_not_one_heap() -> None:
    chain = {(1, 2): 0.9, (2, 3): 0.9, (3, 4): 0.9, (4, 5): 0.9}
    assert [one.members for one in clusters(range(1, 6), chain)] == [(1, 2, 3), (4, 5)]


def test_words_that_bind_are_the_readers_own_the_rarest_first() -> None:
    texts = ["My hip clicks.", "Hip clicking when the leg swings?", "Why does my hip click?"]
    assert binding_words(texts, LIBRARY) == ("hip", "click")


def test_one_text_alone_is_bound_by_its_own_words() -> None:
    assert binding_words(["My foot and my leg."], LIBRARY, most=1) == ("foot",)


def test_what_only_one_of_many_says_binds_nothing() -> None:
    assert binding_words(["My hip.", "My leg.", "My foot."], LIBRARY) == ()


def test_words_that_say_nothing_by_themselves_are_no_heading() -> None:
    texts = ["My hip clicks when I turn up or down.", "A hip that clicks; I turn it up and down."]
    assert binding_words(texts, LIBRARY) == ("hip", "clicks")


def test_a_gap_that_only_weak_words_bind_has_no_heading() -> None:
    texts = ["Does it get better over time?", "It got better, then it went down over time."]
    assert binding_words(texts, LIBRARY) == ()


def test_what_a_third_of_all_texts_say_is_no_heading() -> None:
    assert binding_words(["Foot and leg.", "The leg, the foot."], LIBRARY) == ("foot",)


def test_on_a_young_site_nothing_is_common_yet() -> None:
    young = Library(4, 5.0, 20.0, {"hip": 4})
    assert binding_words(["My hip.", "The hip."], young) == ("hip",)
