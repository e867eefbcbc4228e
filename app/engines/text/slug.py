"""The readable end of an address: ASCII where the letters allow it, never empty."""

import unicodedata
from functools import cache, lru_cache

from app.engines.text.characters import latin_letters, without_invisible

UNTITLED = "untitled"
REMEMBERED = 4_000
"""The titles in a page of a list are mostly those of the page before."""

_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")
_SPELT_OUT = {"ß": "ss", "þ": "th", "ð": "d", "&": " and "}


@lru_cache(maxsize=REMEMBERED)
def slugify(text: str, limit: int = 80) -> str:
    """``text`` in lower-case words joined by hyphens, at most ``limit`` characters long.

    Latin letters lose their accents; letters of other scripts stay as they are, since
    half a transliteration helps nobody. Cut between words where there is a choice.
    """
    seen = unicodedata.normalize("NFKC", without_invisible(text)).translate(_APOSTROPHES)
    spelt: list[str] = []
    for character in seen.lower():
        if unicodedata.category(character)[0] != "M":
            spelt.append(_letters(character))
        elif spelt and not spelt[-1].isascii():  # a vowel sign, say, of the letter before it
            spelt.append(character)
    slug = "-".join("".join(spelt).split())
    return unicodedata.normalize("NFC", _cut(slug, limit)) or UNTITLED


def _cut(slug: str, limit: int) -> str:
    if len(slug) <= limit:
        return slug
    whole_words, hyphen, _ = slug[: limit + 1].rpartition("-")
    return whole_words if hyphen else slug[:limit]


@cache
def _letters(character: str) -> str:
    if character in _SPELT_OUT:
        return _SPELT_OUT[character]
    if letters := latin_letters(character).lower():
        return letters
    base = unicodedata.normalize("NFD", character)[0]
    if base.isascii():
        return base if base.isalnum() else " "
    return character if character.isalnum() else " "
