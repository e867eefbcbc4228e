"""What somebody typed into the search box, as a few plain words and nothing that has a syntax."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST_QUERY = 200
MOST_WORDS = 12
"""A search costs with its words; nobody types more than this in earnest."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CARRYING_NOTHING = _words(
    "a about after all also am an and any anyone are as at be because been but by can could did do"
    " does doing for from get got had has have he her his how i i'm if in into is it it's its just"
    " me my of on or our she should so some than that the their them then there these they this"
    " those to was we were what when where which while who why will with would you your"
)


def readable(text: str) -> str:
    """The text as the page may show it again: one line, cut, without what cannot be shown."""
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") else character
        for character in text[: LONGEST_QUERY * 4]
    )
    return " ".join(visible.split())[:LONGEST_QUERY].strip()


def query_words(text: str) -> tuple[str, ...]:
    """The words to look for, each once, in their order; at most MOST_WORDS.

    Words that carry no meaning of their own are left out where others remain.
    """
    typed = _WORD.findall(unicodedata.normalize("NFC", readable(text)).replace("\u2019", "'"))
    first: dict[str, str] = {}
    for word in typed:
        first.setdefault(word.casefold(), word)
    words = list(first.values())
    telling = [word for word in words if word.casefold() not in _CARRYING_NOTHING]
    return tuple((telling or words)[:MOST_WORDS])


def phrase_words(phrase: str) -> str:
    """A tag's name as the words of a phrase, without any sign between them."""
    return " ".join(_WORD.findall(phrase.replace("\u2019", "'")))


def quoted(words: Sequence[str], between: str = " ") -> str:
    """Words as both databases' searches read them: FTS5, and PostgreSQL's websearch_to_tsquery.

    >>> quoted(("hip", "clicks"))
    '"hip" "clicks"'
    """
    return between.join(f'"{word}"' for word in words)
