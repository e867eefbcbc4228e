"""The part of a text that speaks of what was asked, with its words marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from app.engines.matching import tokens

Pieces = tuple[tuple[str, bool], ...]
"""A text in parts, each with whether it is a word that was asked for."""

LENGTH = 220
_LEAD = 50
_MOST_MARKS = 200
_ELLIPSIS = "\u2026"


class _Mark(NamedTuple):
    start: int
    end: int
    stem: str


class _Bare(dict[int, str]):
    """Letters without their accents, one for one, so that places in the text stay the same."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFD", chr(code))
        self[code] = apart[0] if all(map(unicodedata.combining, apart[1:])) else chr(code)
        return self[code]


_BARE = _Bare()


def excerpt(text: str, words: Collection[str], length: int = LENGTH) -> Pieces:
    """About `length` characters of `text`, from where it says most of `words`."""
    marks = list(_marks(text, words))
    start, end = _window(text, marks, length)
    before = _ELLIPSIS if start else ""
    after = _ELLIPSIS if end < len(text) else ""
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    return tuple(_pieces(text, inside, start, end, before, after))


def marked(text: str, words: Collection[str]) -> Pieces:
    """The whole of a short text, such as a title, with its words marked."""
    return tuple(_pieces(text, list(_marks(text, words)), 0, len(text), "", ""))


def _marks(text: str, words: Collection[str]) -> Iterator[_Mark]:
    """The words of the text that have a stem in common with those asked for, in their order."""
    stems, candidates = _looked_for(tuple(words))
    if candidates is None:
        return
    found = 0
    for candidate in candidates.finditer(text if text.isascii() else text.translate(_BARE)):
        stem = _stem_of(candidate[0])
        if stem in stems:
            yield _Mark(*candidate.span(), stem)
            found += 1
            if found == _MOST_MARKS:
                return


@lru_cache(maxsize=64)
def _looked_for(words: tuple[str, ...]) -> tuple[frozenset[str], re.Pattern[str] | None]:
    """The stems of these words, and what may have one of them: stemming every word is slow, so only
    those that begin like a stem are looked at closely."""
    stems = frozenset(stem for word in words for stem in tokens(word))
    if not stems:
        return stems, None
    beginnings = sorted({re.escape(stem[: max(2, len(stem) - 1)]) for stem in stems})
    candidates = rf"(?<!\w)(?:{'|'.join(beginnings)})[\w'\u2019]*"
    return stems, re.compile(candidates, re.IGNORECASE)


@lru_cache(maxsize=2_000)
def _stem_of(word: str) -> str:
    return next(iter(tokens(word)), "")


def _window(text: str, marks: list[_Mark], length: int) -> tuple[int, int]:
    """Where the excerpt starts and ends: on word boundaries, around the most different words."""
    if len(text) <= length:
        return 0, len(text)
    best, most = 0, 0
    different = len({mark.stem for mark in marks})
    for place, mark in enumerate(marks):
        reach = mark.start + length - _LEAD
        said = {other.stem for other in marks[place : place + 40] if other.end <= reach}
        if len(said) > most:
            best, most = mark.start, len(said)
            if most == different:
                break
    start = max(0, min(best - _LEAD, len(text) - length))
    if start:
        space = text.find(" ", start, max(best, start + 1))
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + length)
    if end < len(text):
        space = text.rfind(" ", start + length // 2, end)
        end = space if space >= 0 else end
    return start, end


def _pieces(
    text: str, marks: list[_Mark], start: int, end: int, before: str, after: str
) -> Iterator[tuple[str, bool]]:
    at = start
    plain = before
    for mark in marks:
        plain += text[at : mark.start]
        if plain:
            yield plain, False
        yield text[mark.start : mark.end], True
        at, plain = mark.end, ""
    plain += text[at:end] + after
    if plain:
        yield plain, False
