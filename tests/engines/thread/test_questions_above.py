"""Which question a comment stands under."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.engines.thread import questions_above


def test_a_comment_stands_under_the_nearest_question_above_it() -> None:
    thread = [(1, None, True), (2, 1, False), (3, 2, True), (4, 3, False), (5, 2, False)]
    assert questions_above(thread) == {1: None, 2: 1, 3: 1, 4: 3, 5: 1}


def test_what_hangs_on_an_absent_comment_stands_under_none() -> None:
    assert questions_above([(2, 1, False), (3, 2, False)]) == {2: None, 3: None}


def test_a_ring_ends_and_a_chain_of_ten_thousand_too() -> None:
    assert questions_above([(1, 2, False), (2, 1, False)]) == {1: None, 2: None}
    chain = [(1, None, True), *((number, number - 1, False) for number in range(2, 10_001))]
    assert set(list(questions_above(chain).values())[1:]) == {1}


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=30), st.randoms())
def test_it_is_the_first_question_on_the_way_up_in_whatever_order(drawn, random) -> None:  # type: ignore[no-untyped-def]
    thread = [
        (number, parent % number if number and parent else None, asks)
        for number, (parent, asks) in enumerate(drawn)
    ]
    by_id = {member[0]: member for member in thread}
    shuffled = list(thread)
    random.shuffle(shuffled)
    for number, found in questions_above(shuffled).items():
        at = by_id[number][1]
        while at is not None and not by_id[at][2]:
            at = by_id[at][1]
        assert found == at
