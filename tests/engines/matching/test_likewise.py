"""Texts are alike by their rare words: the same ones in any order, and in little memory."""

from __future__ import annotations

import math
import random
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching.likeness import Library
from app.engines.matching.likewise import MOST_NEAR, MOST_SHARED, Texts

LIBRARY = Library(100, 5.0, 20.0, {"hip": 2, "click": 3, "leg": 40, "foot": 5})
Counts = dict[int, dict[str, float]]
SAID = st.dictionaries(
    st.integers(1, 20),
    st.dictionaries(st.sampled_from(["hip", "click", "leg", "foot"]), st.floats(1, 3)),
    max_size=8,
)


def alike(texts: Counts, least: float = 0.0) -> dict[tuple[int, int], float]:
    return Texts.of(texts).alike(LIBRARY, least)


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    """As one writes it down: the product of the two rows over their lengths."""

    def weighed(counts: dict[str, float]) -> dict[str, float]:
        return {stem: count * LIBRARY.rarity(stem) for stem, count in counts.items()}

    first, second = weighed(one), weighed(other)
    product = sum(first[stem] * second[stem] for stem in first.keys() & second.keys())
    return product / (math.hypot(*first.values()) * math.hypot(*second.values()))


def test_two_texts_are_alike_by_their_rare_words_and_not_by_what_all_say() -> None:
    texts = {
        1: {"hip": 1.0, "click": 1.0, "leg": 1.0},
        2: {"hip": 1.0, "click": 1.0},
        3: {"leg": 1.0, "foot": 1.0},
    }
    found = alike(texts, 0.3)
    assert set(found) == {(1, 2)}
    assert 0.9 < found[1, 2] <= 1.0


@given(SAID)
def test_likeness_is_the_cosine_of_what_two_texts_say(texts: Counts) -> None:
    found = alike(texts)
    assert all(one < other for one, other in found)
    for one in texts:
        for other in texts:
            if one < other and texts[one].keys() & texts[other].keys():
                assert abs(found.pop((one, other)) - cosine(texts[one], texts[other])) < 1e-9
    assert not found


@given(SAID, st.randoms(use_true_random=False))
def test_the_order_changes_no_likeness(texts: Counts, dice: random.Random) -> None:
    mixed = list(texts.items())
    dice.shuffle(mixed)
    assert alike(dict(mixed)) == alike(texts)


def test_texts_without_a_telling_word_are_like_nothing() -> None:
    assert alike({1: {}, 2: {}}) == {}
    assert alike({}) == {}


def test_a_word_that_too_many_say_brings_nobody_together() -> None:
    said: Counts = {ref: {"hip": 1.0} for ref in range(MOST_SHARED + 1)}
    assert alike(said) == {}
    del said[0]
    assert alike(said)


def test_the_same_text_a_hundred_times_stays_a_list() -> None:
    found = alike({ref: {"hip": 1.0, "leg": 1.0} for ref in range(MOST_SHARED)})
    assert len(found) == sum(min(ref, MOST_NEAR) for ref in range(MOST_SHARED))
    assert all((0, ref) in found for ref in range(1, MOST_SHARED))


def test_comparing_needs_no_memory_for_pairs_that_are_not_alike() -> None:
    chance = random.Random(1)  # noqa: S311  (the same texts at every run)
    stems = [f"stem{number}" for number in range(80)]
    texts = Texts()
    for ref in range(600):
        texts.add(ref, dict.fromkeys(chance.sample(stems, 12), 1.0))
    tracemalloc.start()
    try:
        found = texts.alike(LIBRARY, 0.99)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not found
    assert most < 1_000_000  # 160,000 pairs share a word; as objects they took 30 MB
