"""What a report counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domains.moderation.reported.weights import GUEST, MEMBER, MOST, needed, weight_of

counts = some.integers(0, 200)
bases = some.sampled_from([GUEST, MEMBER])


@pytest.mark.parametrize(
    ("base", "upheld", "dismissed", "weight"),
    [
        (GUEST, 0, 0, 1),
        (MEMBER, 0, 0, 2),
        (MEMBER, 1, 0, 2),
        (MEMBER, 2, 0, 3),
        (MEMBER, 5, 0, 4),
        (MEMBER, 50, 0, 4),
        (MEMBER, 0, 1, 1),
        (MEMBER, 0, 2, 0),
        (MEMBER, 3, 4, 1),
        (GUEST, 0, 1, 0),
    ],
)
def test_a_record_moves_the_weight(base: int, upheld: int, dismissed: int, weight: int) -> None:
    assert weight_of(base, upheld=upheld, dismissed=dismissed) == weight


@given(bases, counts, counts)
def test_no_report_counts_less_than_nothing_or_more_than_four(
    base: int, upheld: int, dismissed: int
) -> None:
    assert 0 <= weight_of(base, upheld=upheld, dismissed=dismissed) <= MOST


@given(bases, counts, counts)
def test_being_wrong_once_more_never_makes_a_report_heavier(
    base: int, upheld: int, dismissed: int
) -> None:
    now = weight_of(base, upheld=upheld, dismissed=dismissed)
    assert weight_of(base, upheld=upheld, dismissed=dismissed + 1) <= now


@given(some.integers(1, 100), some.integers(1, 100))
def test_what_was_dismissed_must_be_outweighed_too(threshold: int, dismissed: int) -> None:
    assert needed(threshold, dismissed_weight=dismissed) > threshold
