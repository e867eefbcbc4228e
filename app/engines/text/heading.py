"""A question to begin an article with, made of what its readers asked."""

from __future__ import annotations

from collections.abc import Sequence

QUESTION_MARKS = ("?", "\uff1f", "\u061f", "\u037e")
"""What a question ends with: in Latin letters, full width, Arabic and Greek."""


def question_about(words: str, asked: Sequence[str], length: int) -> str:
    """Of the titles of some questions, the one that says the most of these words; of several, the
    shortest. Where none is a question as it stands, the words as one. Never longer than `length`
    characters.

    >>> question_about("hip, stairs", ["Stairs", "Does a hip click?", "Hip on the stairs?"], 80)
    'Hip on the stairs?'
    >>> question_about("rotator cuff", [], 80)
    'What is worth knowing about rotator cuff?'
    """
    said = [word for word in words.casefold().replace(",", " ").split() if word]
    whole = [title for title in asked if title.endswith(QUESTION_MARKS) and len(title) <= length]
    if whole:
        best = min(whole, key=lambda title: (-_shared(said, title), len(title), title))
        return _begun_large(best)
    if words.endswith(QUESTION_MARKS):
        return _begun_large(words)
    before, after = "What is worth knowing about ", "?"
    return f"{before}{words[: length - len(before) - len(after)].rstrip(' ,')}{after}"


def _begun_large(title: str) -> str:
    first = title[:1].upper()
    return first + title[1:] if len(first) == 1 else title  # a few letters are two in capitals


def _shared(words: Sequence[str], title: str) -> int:
    text = title.casefold()
    return sum(word in text for word in words)
