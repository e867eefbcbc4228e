"""What happened to somebody's data. Ids only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A copy of everything of somebody's can be taken from now on."""

    copy_id: int
