"""Phrases, found however they are written: in capitals, spaced out, with letters that look alike.

A text is read twice: letters by their shape first, then by their case first. Greek capital Nu is
drawn like N and small nu like v, so one reading alone would miss one of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from app.engines.said import says
from app.engines.spam.patterns import Pattern, Unsearchable, literally
from app.engines.text.characters import is_mark, without_invisible
from app.engines.text.names import plain_letters

# Scripts that put no space between words (Thai to Myanmar, Khmer, kana, ideographs): there each
# character counts as a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_FAR = "\U00020000-\U0003ffff"
_WORD = re.compile(f"[{_UNSPACED}{_FAR}]|[^\\W_{_UNSPACED}{_FAR}]+")
_STARRED = re.compile(f"({_WORD.pattern})(\\*?)")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u0060\u00b4]")
_VOICED_KANA = "\u3099\u309a"
_LOOSE_STAR = re.compile(r"(?<!\w)\*|\*(?=\w)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as words between single spaces, with one before the first and one behind the last;
    and the words by themselves, which tell soonest that a phrase is not there."""

    text: str
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Readings:
    by_shape: Reading
    by_case: Reading


def readings(text: str) -> Readings:
    """The text as phrases are sought in it."""
    by_shape, by_case = _letters(unescape(text))
    first = _reading(by_shape)
    return Readings(first, first if by_case == by_shape else _reading(by_case))


def plain(text: str) -> str:
    """The text as patterns are sought in it: nothing hidden in it, wide letters made plain."""
    return unicodedata.normalize("NFKC", without_invisible(text))


def phrase(line: str) -> Callable[[Readings], bool]:
    """What tells whether a text has the phrase in it, as whole words.

    Words may stand apart by anything but letters and digits; `*` at a word's end stands for any
    ending. Raises Unsearchable for a line without a word, and for a star elsewhere.
    """
    if _LOOSE_STAR.search(unicodedata.normalize("NFKC", line)):
        raise Unsearchable(
            says("A star stands for any ending, so it belongs to the end of a word.")
        )
    by_shape, by_case = (_finder(letters) for letters in _letters(line))
    return lambda text: by_shape(text.by_shape) or by_case(text.by_case)


def _finder(letters: str) -> Callable[[Reading], bool]:
    parts = _STARRED.findall(letters)
    if not parts:
        raise Unsearchable(
            says("There is no word in it; signs alone are found by a rule with patterns.")
        )
    whole = frozenset(word for word, star in parts if not star)
    is_in = _search(parts)
    return lambda reading: whole <= reading.words and is_in(reading.text)


def _search(parts: list[tuple[str, str]]) -> Callable[[str], bool]:
    """What finds these words one after the other, each with its star if it has one."""
    end = "" if parts[-1][1] else " "
    if any(star for _, star in parts[:-1]):
        first = "".join(f" {literally(word)}{'[^ ]*' if star else ''}" for word, star in parts[:-1])
        return Pattern(f"{first} {literally(parts[-1][0])}{end}").is_in
    sought = f" {' '.join(word for word, _ in parts)}{end}"
    return lambda text: sought in text


def _letters(text: str) -> tuple[str, str]:
    """The text in small plain letters, by shape and by case."""
    if text.isascii():
        small = _APOSTROPHES.sub("", without_invisible(text)).casefold()
        return small, small
    seen = _APOSTROPHES.sub("", plain(text))
    return _bare(plain_letters(seen)), _bare(plain_letters(plain(seen.casefold())))


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        character for character in parts if character in _VOICED_KANA or not is_mark(character)
    )
    return unicodedata.normalize("NFC", kept)


def _reading(letters: str) -> Reading:
    words = _WORD.findall(letters)
    return Reading(f" {' '.join(words)} ", frozenset(words))
