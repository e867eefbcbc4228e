"""What an import took, what it left and why, in lines for a person at a terminal."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

_EXAMPLES = 5
_LONGEST_NAME = 60
# Escape sequences in a title would act on the terminal, and direction marks would turn its lines.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(slots=True)
class Tally:
    """How often something happened, and the first few things it happened to."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if example and len(self.examples) < _EXAMPLES:
            self.examples.append(printable(example))


@dataclass(slots=True)
class Report:
    """`taken` and `known` count by what ("articles published"); `known` was there from an earlier
    run. `left` and `notes` tally by a sentence in words ("attachments: …")."""

    taken: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    left: dict[str, Tally] = field(default_factory=dict)
    notes: dict[str, Tally] = field(default_factory=dict)

    def took(self, what: str, count: int = 1) -> None:
        self.taken[what] += count

    def knew(self, what: str, count: int = 1) -> None:
        self.known[what] += count

    def leave(self, why: str, example: str = "") -> None:
        """Something was left out."""
        self.left.setdefault(why, Tally()).add(example)

    def note(self, what: str, example: str = "") -> None:
        """Something was taken, but not quite as it was."""
        self.notes.setdefault(what, Tally()).add(example)

    def lines(self) -> list[str]:
        """The whole report, ready to be printed: nothing in it acts on a terminal."""
        return [
            *_section("Taken", self.taken),
            *_section("There already", self.known),
            *_tallies("Left out", self.left),
            *_tallies("Worth a look", self.notes),
        ]


def printable(text: str) -> str:
    """Text from a file as one short line without anything that acts on a terminal."""
    line = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"


def _section(heading: str, counts: Counter[str]) -> list[str]:
    lines = [f"  {count:>7,}  {what}" for what, count in counts.items() if count]
    return [f"{heading}:", *lines] if lines else []


def _tallies(heading: str, tallies: dict[str, Tally]) -> list[str]:
    lines = [f"{heading}:"] if tallies else []
    for why, tally in tallies.items():
        lines.append(f"  {tally.count:>7,}  {why}")
        if tally.examples:
            more = ", …" if tally.count > len(tally.examples) else ""
            lines.append(f"           ({', '.join(tally.examples)}{more})")
    return lines
