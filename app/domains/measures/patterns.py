"""Patterns of e-mail addresses: literal text with `*` for any run of letters."""

from __future__ import annotations

from app.engines.text.names import fold_email


def fits(pattern: str, email: str) -> bool:
    """Whether the whole address fits the pattern, in whatever case.

    Each part between stars is looked for once, from left to right, so that no pattern makes this
    slow: the work is bounded by the two lengths multiplied.
    """
    text = fold_email(email)
    first, *others = fold_email(pattern).split("*")
    if not others:
        return text == first
    last = others.pop()
    if not text.startswith(first) or not text.endswith(last):
        return False
    if len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in others:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


LEAST_LETTERS = 4
MOST_STARS = 5


def is_pattern(text: str) -> bool:
    """Whether this is an address with stars in it, as a person would write one."""
    return (
        1 <= text.count("*") <= MOST_STARS
        and text.count("@") == 1
        and not any(letter.isspace() for letter in text)
    )


def is_too_wide(pattern: str) -> bool:
    """Whether it says next to nothing, such as `*@*` or `*@*.com`: with fewer than four letters
    or digits it names no sender and no host that anybody has."""
    return sum(letter.isalnum() for letter in pattern) < LEAST_LETTERS
