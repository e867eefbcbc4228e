"""One page of what matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.engines.thread import PageBounds


@dataclass(frozen=True, slots=True)
class Ranked:
    """One page of documents by their ids, best first, younger first among equals, and where it
    stands among all that are ranked: these are `total`. `is_many`: they are the newest of more than
    `bounds.MOST_RANKED`, of which nobody counted how many, and `older` that are WRITTEN."""

    ids: Sequence[int]
    total: int
    bounds: PageBounds
    is_many: bool
    older: int = 0
