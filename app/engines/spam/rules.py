"""Rules that people wrote: phrases, patterns, hosts, addresses and networks to watch for.

Facts in, matches out. Every search takes time that grows with the text alone (security.md S08).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from app.engines.said import Said, says
from app.engines.spam.finding import Finder, RuleKind, Subject, finder_of
from app.engines.spam.patterns import Part, Unsearchable

__all__ = ["Effect", "Match", "Rule", "RuleKind", "Subject", "UnfitLine", "lines_of", "matches"]

MOST_LINES = 500
LONGEST_LINE = 200
LONGEST_SHOWN = 60


class Effect(StrEnum):
    """What a text meets that a rule finds."""

    HOLD = "hold"
    SPAM = "spam"
    TAG = "tag"
    RED_FLAG = "red flag"


class UnfitLine(Exception):
    """A line of a rule that cannot be sought. `said` tells which, where in it, and why."""

    def __init__(self, line: str, why: Said, part: Part | None = None) -> None:
        self.line = line
        shown = line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
        if part is None:
            self.said = says("The line “%(line)s” cannot be used. %(why)s", line=shown, why=why)
        else:
            self.said = says(
                "The line “%(line)s” cannot be used because of “%(part)s” at character %(place)s. "
                "%(why)s",
                line=shown,
                part=part.text,
                place=part.place,
                why=why,
            )
        super().__init__(str(self.said))


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule found: the first of its `line`s, and what is `said` of it to moderators."""

    rule_id: int
    rule_name: str
    effect: Effect
    line: str
    said: Said
    tag_id: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be run. Making one raises UnfitLine for the first line that cannot be.

    `size` grows with what its patterns may cost; a rule of another kind has none.
    """

    id: int
    name: str
    kind: RuleKind
    effect: Effect
    lines: tuple[str, ...]
    tag_id: int | None = None
    note: str = ""
    size: int = field(default=0, init=False)
    finders: tuple[Finder, ...] = field(default=(), init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        size, finders = 0, []
        for line in self.lines:
            try:
                finder, steps = finder_of(self.kind, line)
            except Unsearchable as unfit:
                raise UnfitLine(line, unfit.why, unfit.part) from unfit
            finders.append(finder)
            size += steps
        object.__setattr__(self, "size", size)
        object.__setattr__(self, "finders", tuple(finders))

    def found(self, subject: Subject) -> str | None:
        """The first of its lines that the subject has."""
        for line, finder in zip(self.lines, self.finders, strict=True):
            if finder(subject):
                return line
        return None


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that were typed into a field, without blank ones and doubles. Raises UnfitLine for
    one that is too long and for the first of too many."""
    lines = tuple(dict.fromkeys(line for raw in text.splitlines() if (line := raw.strip())))
    for number, line in enumerate(lines, start=1):
        if number > MOST_LINES:
            raise UnfitLine(
                line,
                says("It is one too many; a rule has %(most)s lines at most.", most=MOST_LINES),
            )
        if len(line) > LONGEST_LINE:
            raise UnfitLine(
                line,
                says(
                    "It has %(length)s characters; %(most)s are the most.",
                    length=len(line),
                    most=LONGEST_LINE,
                ),
            )
    return lines


def matches(rules: Iterable[Rule], subject: Subject) -> tuple[Match, ...]:
    """What the rules find, one match for each that finds something, in their order."""
    found = ((rule, rule.found(subject)) for rule in rules)
    return tuple(_match(rule, line) for rule, line in found if line is not None)


def _match(rule: Rule, line: str) -> Match:
    said = _SAYS[rule.kind](line, rule.name)
    return Match(rule.id, rule.name, rule.effect, line, said, rule.tag_id, rule.note)


_SAYS: dict[RuleKind, Callable[[str, str], Said]] = {
    RuleKind.PHRASE: lambda line, rule: says(
        "It says “%(line)s” (rule “%(rule)s”).", line=line, rule=rule
    ),
    RuleKind.PATTERN: lambda line, rule: says(
        "It fits the pattern “%(line)s” (rule “%(rule)s”).", line=line, rule=rule
    ),
    RuleKind.HOST: lambda line, rule: says(
        "It links to “%(line)s” (rule “%(rule)s”).", line=line, rule=rule
    ),
    RuleKind.ADDRESS: lambda line, rule: says(
        "Its sender's e-mail address is “%(line)s” (rule “%(rule)s”).", line=line, rule=rule
    ),
    RuleKind.NETWORK: lambda line, rule: says(
        "It was sent from the network “%(line)s” (rule “%(rule)s”).", line=line, rule=rule
    ),
}
