"""What happened to somebody's data. Ids only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CopyMade:
    """A copy of everything of somebody's can be taken from now on."""

    copy_id: int


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """Somebody is to be erased in a day; its owner is told, with a link that takes it back."""

    erasure_id: int
