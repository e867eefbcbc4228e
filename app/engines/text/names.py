"""Whether two names look alike, and what makes two addresses the same one.

A skeleton is for comparing, never for showing: letters that look alike in most faces are
one letter in it, and marks, spaces and signs are gone. It sees upper and lower case apart
where their shapes differ by script (Greek capital Nu looks like N, small nu like v), so
:func:`looks_like` compares case-folded names as well.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache, lru_cache

from confusable_homoglyphs.utils import load

from app.engines.text.characters import latin_letters, without_invisible

_ASCII_LOOK = str.maketrans("i1|0345@$78", "llloeasastb")
_PAIRS = (("rn", "m"), ("vv", "w"))
# NFC turns these three into ";", "`" and "K".
_ASCII_IN_DISGUISE = re.compile("([\u037e\u1fef\u212a])")
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """What is left of ``name`` once everything that eyes skip is gone; equal means alike.

    Never empty for a name that is not: one made of signs alone is its own skeleton.
    """
    seen = unicodedata.normalize("NFKC", without_invisible(name))
    folded = "".join(_look(character) for character in seen).casefold()
    bare = "".join(_base(character) for character in unicodedata.normalize("NFKD", folded))
    for pair, single in _PAIRS:
        bare = bare.replace(pair, single)
    return bare or folded or name


def looks_like(name: str, other: str) -> bool:
    """Whether a reader could take ``name`` for ``other``; case alone never tells them apart."""
    return skeleton(name) == skeleton(other) or _folded(name) == _folded(other)


def poses_as(name: str, other: str, titles: Collection[str]) -> bool:
    """Whether ``name`` says that its bearer is ``other``, with more beside it: all of a name of
    several words, or its first one and a title.

    >>> poses_as("Dr Marta Berg", "Marta Berg", ["author"])
    True
    >>> poses_as("Marta (author)", "Marta Berg", ["author"])
    True
    >>> poses_as("Marta Holm", "Marta Berg", ["author"])
    False
    """
    words, own = _words(name), _words(other)
    if not own:
        return False
    places = range(len(words) - len(own) + 1)
    if len(own) > 1 and any(words[at : at + len(own)] == own for at in places):
        return True
    named = {skeleton(title) for title in titles}
    if own[0] in words and named.intersection(words) - {own[0]}:
        return True
    whole = {"".join(own), own[0]}
    return any(skeleton(name) in (one + title, title + one) for one in whole for title in named)


def _words(name: str) -> list[str]:
    """The skeletons of the words of ``name``, signs between them being no words."""
    seen = unicodedata.normalize("NFKC", without_invisible(name))
    parted = (" " if unicodedata.category(sign)[0] in "ZPS" else sign for sign in seen)
    return [skeleton(word) for word in "".join(parted).split()]


def same_words(text: str) -> str:
    """What ``text`` says, but for case, spacing, marks nobody sees and letters of another script
    that are drawn like plain ones. Signs and digits stay, so that C and C++ are two.

    >>> same_words("Hip  HINGE")
    'hip hinge'
    """
    seen = unicodedata.normalize("NFKC", without_invisible(text))
    return " ".join(plain_letters(seen).casefold().split())


def without_accents(text: str) -> str:
    """The letters of ``text`` without the marks above and below them.

    >>> without_accents("Ärger, año")
    'Arger, ano'
    """
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def fold_email(address: str) -> str:
    """The key under which ``address`` is unique: NFC, and A-Z as a-z in both halves.

    Only ASCII letters are folded, so that no other letter (dotless i, the Kelvin sign)
    ever becomes one of somebody else's address. Plus tags and dots stay: whether they
    mean the same box is known to its host alone.
    """
    parts = _ASCII_IN_DISGUISE.split(address.strip())
    composed = (
        part if _ASCII_IN_DISGUISE.fullmatch(part) else unicodedata.normalize("NFC", part)
        for part in parts
    )
    return "".join(composed).translate(_ASCII_LOWER)


def plain_letters(text: str) -> str:
    """``text`` with every letter that is drawn like plain ones written as those; the rest, ASCII's
    own look-alikes included, stays as it is."""
    return text if text.isascii() else "".join(_look(character) for character in text)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", without_invisible(name).casefold()).casefold()


def _base(character: str) -> str:
    """The letter or digit that ``character`` reads as, or nothing for marks and signs."""
    looked = _look(character).casefold().translate(_ASCII_LOOK)
    return "".join(part for part in looked if part.isalnum())


@cache
def _others() -> Mapping[str, tuple[str, ...]]:
    """Unicode's list, read when the first letter beyond ASCII comes: the package's own module holds
    it from the start on, in several times the memory."""
    return {
        letter: tuple(entry["c"] for entry in entries)
        for letter, entries in load("confusables.json").items()
    }


@lru_cache(maxsize=4096)
def _look(character: str) -> str:
    """The plain letters that ``character`` looks like in Unicode's list, or itself.

    The package lists every pair both ways. Towards ASCII wins; between two other scripts
    the one that many point at, then the smaller code point.
    """
    if character.isascii():
        return character
    if letters := latin_letters(character):
        return letters
    others = [other.strip("\u200e") for other in _others().get(character, ())]
    plain = [other for other in others if other.isascii() and other.isalnum()]
    if plain:
        return min(plain, key=lambda other: (len(other), other))
    if len(others) == 1 and len(others[0]) == 1:
        is_prototype = len(_others().get(others[0], ())) > 1
        return others[0] if is_prototype else min(character, others[0])
    return character
