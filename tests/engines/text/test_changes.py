"""How much of a text is another one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.text.changes import share_changed


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ("one two three four five", "one two three four five", 0.0),
        ("one two three four five", "five four three two one", 0.0),
        ("One, two: three.", "one two three", 0.0),
        ("one two three four five", "one two three four six", 0.2),
        ("one two three four", "one two three four five six seven eight", 0.5),
        ("one two", "three four", 1.0),
        ("one", "", 1.0),
        ("", "one", 1.0),
        ("", "", 0.0),
        ("…", "!!!", 1.0),
    ],
)
def test_a_change_is_told_by_the_words_that_are_not_in_both(
    before: str, after: str, share: float
) -> None:
    assert share_changed(before, after) == pytest.approx(share)


@given(st.text(max_size=200), st.text(max_size=200))
def test_it_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0.0 <= share_changed(one, other) == share_changed(other, one) <= 1.0


@given(st.text(max_size=200))
def test_a_text_is_no_other_than_itself(text: str) -> None:
    assert share_changed(text, text) == 0.0
