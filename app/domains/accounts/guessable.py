"""Whether a password is among the first that a guesser tries: common words, keyboard runs and
personal facts, dressed up with digits, signs, capitals and look-alike digits."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Sequence
from functools import cache

from app.domains.accounts.common_words import COMMON_WORDS

MOST_PARTS = 2
"""Two common words are about half a million guesses; a third makes it worth a bill."""
SHORTEST_RUN = 3
MOST_DIGITS = 8
"""A year, a date, a telephone extension: digits up to here add next to nothing."""
MOST_SIGNS = 4
"""Up to here signs are decoration; more of them, unless they are one run, are what protects."""
LONGEST_JUDGED = 64
"""What is longer is judged by its repetitions only."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    "qazwsxedcrfvtgbyhnujm",
    "147258369",
    "!@#$%^&*()",
)
_RUNS = tuple(row for one in _ROWS for row in (one, one[::-1]))
_LOOKS = str.maketrans("1!|i0345$@78", "lllloeassatb")
_SIGNS = frozenset(string.punctuation + " ")
_WORD = re.compile(r"\w+")


def is_guessable(password: str, personal: Sequence[str] = ()) -> bool:
    """Whether all of the password is at most two cheap parts, with digits and signs between.

    `personal` are texts of which each word counts as common: a name, an address, the site's name.
    """
    text = password.casefold()
    if _repeats(text) or text in {known.casefold() for known in personal}:
        return True
    if len(text) > LONGEST_JUDGED:
        return False
    return _parts(text, _common() | _own_words(personal)) <= MOST_PARTS


def _repeats(text: str) -> bool:
    """Whether the text is a few characters again and again (aaaaaaaa, 12121212, abcabcabc)."""
    return any(
        text == (text[:length] * (len(text) // length + 1))[: len(text)]
        for length in range(1, min(4, len(text) // 2) + 1)
    )


def _parts(text: str, words: frozenset[str]) -> int:
    """The fewest words and runs that the text can be cut into; digits and signs are free. More
    than `MOST_PARTS` where some of it is neither."""
    hopeless = MOST_PARTS + 1
    best = [0] + [hopeless] * len(text)
    looks = text.translate(_LOOKS)
    longest = max(map(len, words))
    for start in range(len(text)):
        if best[start] >= hopeless:
            continue
        for end in range(start + 1, len(text) + 1):
            is_word = end - start <= longest and looks[start:end] in words
            if _is_free(text, start, end):
                best[end] = min(best[end], best[start])
            elif is_word or _is_run(text[start:end]):
                best[end] = min(best[end], best[start] + 1)
    return best[-1]


def _is_free(text: str, start: int, end: int) -> bool:
    """Whether a sign, or a whole group of digits that is not too long, stands there."""
    part = text[start:end]
    if part in _SIGNS:
        return sum(sign in _SIGNS for sign in text) <= MOST_SIGNS
    if not part.isdigit():
        return False
    goes_on = text[:start][-1:].isdigit() or text[end : end + 1].isdigit()
    return len(part) <= MOST_DIGITS and not goes_on


def _is_run(part: str) -> bool:
    if len(part) < SHORTEST_RUN:
        return False
    return len(set(part)) == 1 or any(part in row for row in _RUNS)


@cache
def _common() -> frozenset[str]:
    return frozenset(_as_looked_at(COMMON_WORDS))


def _own_words(personal: Iterable[str]) -> frozenset[str]:
    words: set[str] = set()
    for text in personal:
        found: Sequence[str] = _WORD.findall(text.casefold())
        words |= {word for word in (*found, "".join(found)) if len(word) >= SHORTEST_RUN}
    return frozenset(_as_looked_at(words))


def _as_looked_at(words: Iterable[str]) -> Iterable[str]:
    return (word.translate(_LOOKS) for word in words)
