"""What happened to somebody's data. Ids only, but where the rows are gone that they named."""

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


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody is erased in this very transaction, and no row says any more whom to tell of it:
    so here is the address, and in which language and time zone its owner reads. It must never be
    told a moment later, since what waits for that is kept. `texts_go`: what they wrote went too."""

    erasure_id: int
    email: str
    language: str
    zone: str
    texts_go: bool
