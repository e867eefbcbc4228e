"""Patterns that strangers' texts are searched for. The one home of RE2.

RE2 reads a text once, whatever the pattern, and has nothing that would make it read twice: no back
references, no look-around. What is left of the danger is size, so a pattern's program is bounded.
"""

from __future__ import annotations

import re2

MEMORY_BYTES = 1 << 18
"""For the compiled program and the states it meets; beyond it RE2 goes on, more slowly."""
LARGEST = 1_500
"""Steps of a compiled pattern. The worst that was found of this size takes 60 ms on 10 kB; one
word of any length in any script has 1,200, in ASCII 11."""

_WHY = {
    "invalid perl operator": "it looks ahead or behind, which patterns here cannot",
    "missing argument to repetition operator": "nothing stands before it that could be repeated",
    "no argument for repetition operator": "nothing stands before it that could be repeated",
    "bad repetition operator": "one repetition stands on another",
    "invalid repetition size": "it repeats too often; a thousand times is the most",
    "missing )": "a bracket is opened and not closed",
    "unexpected )": "a bracket is closed that was not opened",
    "missing ]": "a square bracket is opened and not closed",
    "invalid character class range": "it is no range of characters",
    "invalid character class": "it is no class of characters",
    "invalid named capture group": "the name of the group cannot be read",
    "trailing \\": "nothing stands behind the last backslash",
    "pattern too large - compile failed": "it is too large; fewer or smaller repetitions help",
}


class Unsearchable(Exception):
    """What cannot be sought. `public` says where and why, as the end of a sentence."""

    def __init__(self, public: str) -> None:
        super().__init__(public)
        self.public = public


class Pattern:
    """A pattern that is searched for in time that grows with the text's length alone.

    Capital letters count as small ones unless the pattern says `(?-i)`. Raises Unsearchable.
    """

    def __init__(self, text: str) -> None:
        try:
            self._compiled = re2.compile(text, _options())
        except re2.error as wrong:
            raise Unsearchable(_why(text, wrong)) from wrong
        self.size: int = self._compiled.programsize
        if self.size > LARGEST:
            raise Unsearchable(
                f"it is too large by {self.size / LARGEST:.1f} times; fewer or smaller "
                "repetitions help, and \\w instead of \\pL"
            )
        if self.is_in(""):
            raise Unsearchable("it fits every text, an empty one included")

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


def _why(text: str, wrong: Exception) -> str:
    said = wrong.args[0].decode() if isinstance(wrong.args[0], bytes) else str(wrong.args[0])
    code, _, piece = said.partition(": ")
    why = _WHY.get(code, code)
    if code == "invalid escape sequence":
        refers_back = piece[1:2].isdigit()
        why = (
            "it refers back to an earlier group, which patterns here cannot"
            if refers_back
            else "there is no such sign"
        )
    place = text.find(piece) + 1 if piece else 0
    return f"at “{piece}”, character {place}: {why}" if place else why
