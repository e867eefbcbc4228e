"""Patterns that strangers' texts are searched for. The one home of RE2.

RE2 reads a text once, whatever the pattern, and has nothing that would make it read twice: no back
references, no look-around. What is left of the danger is size, so a pattern's program is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import re2

from app.engines.said import Said, says

MEMORY_BYTES = 1 << 18
"""For the compiled program and the states it meets; beyond it RE2 goes on, more slowly."""
LARGEST = 1_500
"""Steps of a compiled pattern. The worst that was found of this size takes 60 ms on 10 kB; one
word of any length in any script has 1,200, in ASCII 11."""

_NOTHING_BEFORE = says("Nothing stands before it that could be repeated.")
_WHY = {
    "invalid perl operator": says("It looks ahead or behind, which patterns here cannot."),
    "missing argument to repetition operator": _NOTHING_BEFORE,
    "no argument for repetition operator": _NOTHING_BEFORE,
    "bad repetition operator": says("One repetition stands on another."),
    "invalid repetition size": says("It repeats too often; a thousand times is the most."),
    "missing )": says("A bracket is opened and not closed."),
    "unexpected )": says("A bracket is closed that was not opened."),
    "missing ]": says("A square bracket is opened and not closed."),
    "invalid character class range": says("It is no range of characters."),
    "invalid character class": says("It is no class of characters."),
    "invalid named capture group": says("The name of the group cannot be read."),
    "trailing \\": says("Nothing stands behind the last backslash."),
    "pattern too large - compile failed": says(
        "It is too large; fewer or smaller repetitions help."
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a line that is wrong, and the number of its first character, from 1."""

    text: str
    place: int


class Unsearchable(Exception):
    """What cannot be sought. `why` is a sentence about it, or about the `part` of it that is wrong
    where that is known."""

    def __init__(self, why: Said, part: Part | None = None) -> None:
        super().__init__(str(why))
        self.why, self.part = why, part


class Pattern:
    """A pattern that is searched for in time that grows with the text's length alone.

    Capital letters count as small ones unless the pattern says `(?-i)`. Raises Unsearchable.
    """

    def __init__(self, text: str) -> None:
        try:
            self._compiled = re2.compile(text, _options())
        except re2.error as wrong:
            raise _unsearchable(text, wrong) from wrong
        self.size: int = self._compiled.programsize
        if self.size > LARGEST:
            raise Unsearchable(
                says(
                    "It is too large by %(times)s times; fewer or smaller repetitions help, and "
                    "\\w instead of \\pL.",
                    times=self.size / LARGEST,
                )
            )
        if self.is_in(""):
            raise Unsearchable(says("It fits every text, an empty one included."))

    def is_in(self, text: str) -> bool:
        return self._compiled.search(text) is not None


def literally(text: str) -> str:
    """A pattern that stands for just this text."""
    escaped: str = re2.escape(text)
    return escaped


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = MEMORY_BYTES
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    return options


def _unsearchable(text: str, wrong: Exception) -> Unsearchable:
    told = wrong.args[0].decode() if isinstance(wrong.args[0], bytes) else str(wrong.args[0])
    code, _, piece = told.partition(": ")
    if code == "invalid escape sequence":
        why = (
            says("It refers back to an earlier group, which patterns here cannot.")
            if piece[1:2].isdigit()
            else says("There is no such sign.")
        )
    else:
        why = _WHY.get(code) or says("The search says: %(words)s.", words=code)
    place = text.find(piece) + 1 if piece else 0
    return Unsearchable(why, Part(piece, place) if place else None)
