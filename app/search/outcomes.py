"""What became of suggestions: taken or passed over, where, and at which rank. The weights of
`alike` are tuned by it.

A row says nothing of who asked. Of the question it keeps the first words, without addresses, links
and numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from app.infra import clock
from app.infra.db import db
from app.search.models import ASKED_LENGTH, Outcome

_LOOKED_AT = 4 * ASKED_LENGTH
"""Characters of a question that its first words are taken from."""


class Found(Protocol):
    """What was suggested: an `Alike`, or what a page remembers of one."""

    @property
    def kind(self) -> str: ...
    @property
    def ref(self) -> int: ...
    @property
    def by_words(self) -> float: ...
    @property
    def by_meaning(self) -> float: ...


def taken(place: str, asked: str, alike: Found, rank: int) -> None:
    """Note that a suggestion answered. `place` says where it was shown in at most ten letters,
    `rank` which one it was, from 1."""
    _note(place, asked, alike, rank, taken=True)


def shown(
    place: str, asked: str, found: Sequence[Found], but: tuple[str, int] | None = None
) -> None:
    """Note suggestions that were shown, best first, and not taken; `but` names one that was."""
    for rank, one in enumerate(found, start=1):
        if (one.kind, one.ref) != but:
            _note(place, asked, one, rank, taken=False)


def reviewed(place: str, asked: str, found: Sequence[Found], accepted: Collection[int]) -> None:
    """Note what was looked over all at once, best first; `accepted` are the refs taken."""
    for rank, one in enumerate(found, start=1):
        _note(place, asked, one, rank, taken=one.ref in accepted)


def first_words(asked: str) -> str:
    """What is kept of a question: whole words up to `ASKED_LENGTH` characters, none of them an
    address, a link or a number.

    >>> first_words("Mail anna@example.com or call 070 12 34 56: my hip clicks.")
    'Mail or call my hip clicks.'
    """
    kept = ""
    for word in asked[:_LOOKED_AT].split():
        if _tells_of_a_person(word):
            continue
        longer = f"{kept} {word}".strip()
        if len(longer) > ASKED_LENGTH:
            break
        kept = longer
    return kept.replace("\0", "")


def _tells_of_a_person(word: str) -> bool:
    has_digits = any(character.isdigit() for character in word)
    has_letters = any(character.isalpha() for character in word)
    is_link = "://" in word or word.casefold().startswith("www.")
    return "@" in word or is_link or (has_digits and not has_letters)


def _note(place: str, asked: str, alike: Found, rank: int, *, taken: bool) -> None:
    db.session.add(
        Outcome(
            at=clock.now(),
            place=place,
            asked=first_words(asked),
            kind=alike.kind,
            ref=alike.ref,
            rank=rank,
            by_words=alike.by_words,
            by_meaning=alike.by_meaning,
            taken=taken,
        )
    )
