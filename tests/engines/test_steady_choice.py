"""A place that a key keeps as the row grows."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.engines.steady_choice import place


@given(st.integers(0, 2**160), st.integers(1, 500))
def test_a_key_stays_or_moves_to_the_newest_place(key: int, places: int) -> None:
    assert 0 <= place(key, places) < places
    assert place(key, places + 1) in (place(key, places), places)


def test_each_place_is_as_likely_as_the_others() -> None:
    found = Counter(place(key, 10) for key in range(10_000))
    assert len(found) == 10
    assert all(850 <= many <= 1150 for many in found.values())
