"""What people took chooses how much the meaning counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.matching.replay import Shown, best_share, mean_rank

BY_WORDS = [Shown(1.0, 0.55, taken=True), Shown(0.3, 0.6, taken=False)]
"""The words put what was taken first, and so does the meaning unless it counts alone."""
BY_MEANING = [Shown(0.1, 0.8, taken=True), Shown(1.0, 0.6, taken=False)]


def test_one_where_it_stands_first_and_a_half_where_it_stands_second() -> None:
    assert mean_rank([BY_MEANING], 1.0) == 1
    assert mean_rank([BY_MEANING], 0.0) == 0.5


def test_the_meaning_counts_more_where_what_it_found_was_taken() -> None:
    assert mean_rank([BY_MEANING], 0.6) == 0.5
    assert best_share([BY_MEANING] * 10, 0.6, 0.3) > 0.75


def test_it_counts_less_where_what_the_words_found_was_taken() -> None:
    taken_by_words = [Shown(1.0, 0.5, taken=True), Shown(0.1, 0.9, taken=False)]
    assert best_share([taken_by_words] * 10, 0.8, 0.4) < 0.75


def test_where_it_makes_no_difference_the_measured_share_stays() -> None:
    assert best_share([BY_WORDS] * 10, 0.8, 0.2) == 0.8
    assert best_share([], 0.8, 0.2) == 0.8


def test_of_two_that_stand_level_the_one_taken_is_not_given_the_better_place() -> None:
    level = [Shown(0.5, 0.5, taken=True), Shown(0.5, 0.5, taken=False)]
    assert mean_rank([level], 0.8) == 0.5


shown = st.builds(Shown, st.floats(0, 1), st.floats(-1, 1), taken=st.booleans())


@given(st.lists(st.lists(shown, max_size=6), max_size=8))
def test_the_share_never_goes_far_and_is_never_worse(questions: list[list[Shown]]) -> None:
    share = best_share(questions, 0.8, 0.2)
    assert 0.6 - 1e-9 <= share <= 1.0
    assert mean_rank(questions, share) >= mean_rank(questions, 0.8)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_nothing_shown_is_nought(share: float) -> None:
    assert mean_rank([[]], share) == 0
