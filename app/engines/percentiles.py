"""How long something takes, for half of the cases and for nine of ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Delay:
    """Half of `count` cases took at most `median`, nine of ten at most `p90`."""

    count: int
    median: timedelta
    p90: timedelta


def delay(times: Sequence[timedelta]) -> Delay | None:
    """None where there are no cases."""
    if not times:
        return None
    ranked = sorted(times)
    return Delay(len(ranked), nearest_rank(ranked, 50), nearest_rank(ranked, 90))


def nearest_rank(ranked: Sequence[timedelta], percent: int) -> timedelta:
    """The smallest of these ascending values that so many percent of them, or more, are within."""
    place = -(-len(ranked) * percent // 100)
    return ranked[max(place, 1) - 1]
