"""The door that every text goes through: exact or refused, never silently cut.

Bodies keep every character that they came with. Names and titles are one line that must
not be able to pretend: what cannot be seen is taken out, and the rest normalised.
"""

import re
import unicodedata

from app.engines.text.characters import draws_something, is_mark, without_invisible
from app.engines.text.errors import UnfitText

# Enough for Vietnamese, Hebrew vowels and Thai; a pile of twenty covers the line above.
MAX_MARKS_IN_A_ROW = 2

_LINE_BREAK = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_OTHER_CONTROL = re.compile(r"[\x7f-\x84\x86-\x9f]")


def admit(raw: str, *, limit: int) -> str:
    """A body as it will be stored: line ends as LF, all else as it came.

    ``limit`` counts code points after that. Raises :class:`UnfitText` for a blank text,
    one over the limit, and one with control characters or halves of characters.
    """
    text = _without_controls(raw)
    if not any(draws_something(character) for character in without_invisible(text)):
        raise UnfitText("Please write something first: the text is empty.")
    return _within(text, limit)


def admit_line(raw: str, *, limit: int) -> str:
    """A name or title as it will be stored: one line, NFC, nothing in it that hides.

    ``limit`` counts code points of the result. Raises :class:`UnfitText` for what cannot
    be seen, is too long, or holds control characters.
    """
    text = _OTHER_CONTROL.sub("", without_invisible(_without_controls(raw)))
    text = " ".join(_with_few_marks(unicodedata.normalize("NFC", text)).split())
    if not any(map(draws_something, text)):
        raise UnfitText("Please write something here that can be seen.")
    return _within(text, limit)


def _without_controls(raw: str) -> str:
    text = _LINE_BREAK.sub("\n", raw)
    if _CONTROL.search(text):
        raise UnfitText("The text has control characters in it. Please type or paste it again.")
    return text


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise UnfitText(
            "The text is %(length)s characters long; at most %(most)s fit. "
            "Please shorten it: nothing was cut off.",
            length=len(text),
            most=limit,
        )
    return text


def _with_few_marks(text: str) -> str:
    """``text`` with at most two marks on a character, and none on nothing."""
    kept: list[str] = []
    marks = MAX_MARKS_IN_A_ROW
    for character in text:
        if is_mark(character):
            marks += 1
            if marks > MAX_MARKS_IN_A_ROW:
                continue
        else:
            marks = MAX_MARKS_IN_A_ROW if character.isspace() else 0
        kept.append(character)
    return "".join(kept)
