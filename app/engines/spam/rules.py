"""Rules that people wrote: phrases, patterns, hosts, addresses and networks to watch for.

Facts in, matches out. Every search takes time that grows with the text alone (security.md S08).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import idna

from app.engines.networks import as_network, is_within
from app.engines.spam.patterns import Pattern, Unsearchable
from app.engines.spam.phrases import Readings, phrase, plain, readings
from app.engines.text.characters import without_invisible
from app.engines.text.names import fold_email, plain_letters

MOST_LINES = 500
LONGEST_LINE = 200
LONGEST_SHOWN = 60
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")


class RuleKind(StrEnum):
    """What the lines of a rule are."""

    PHRASE = "phrase"
    PATTERN = "pattern"
    HOST = "host"
    ADDRESS = "address"
    NETWORK = "network"


class Effect(StrEnum):
    """What a text meets that a rule finds."""

    HOLD = "hold"
    SPAM = "spam"
    TAG = "tag"
    RED_FLAG = "red flag"


class UnfitLine(Exception):
    """A line of a rule that cannot be sought. `public` is a sentence that says which and why."""

    def __init__(self, line: str, why: str) -> None:
        self.line = line
        shown = line if len(line) <= LONGEST_SHOWN else f"{line[:LONGEST_SHOWN]}…"
        self.public = f"The line “{shown}” cannot be used: {why}."
        super().__init__(self.public)


@dataclass(frozen=True)
class Subject:
    """What rules look at: a text, its linked `hosts` (`engines.text.links.link_hosts`) and its
    sender. `machine` is the address it came from, or the network of it, where that is known."""

    source: str
    hosts: tuple[str, ...] = ()
    name: str = ""
    email: str = ""
    machine: str | None = None

    @cached_property
    def readings(self) -> tuple[Readings, ...]:
        return tuple(readings(text) for text in (self.source, self.name) if text)

    @cached_property
    def plain(self) -> tuple[str, ...]:
        return tuple(plain(text) for text in (self.source, self.name) if text)

    @cached_property
    def host_keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key for host in self.hosts if (key := host_key(host))))

    @cached_property
    def mail_host(self) -> str:
        return host_key(self.email.rpartition("@")[2])


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule found: the first of its `line`s, and a `sentence` for moderators."""

    rule_id: int
    rule_name: str
    effect: Effect
    line: str
    sentence: str
    tag_id: int | None
    note: str


Finder = Callable[[Subject], bool]


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
                finder, steps = _MAKERS[self.kind](line)
            except Unsearchable as unfit:
                raise UnfitLine(line, unfit.public) from unfit
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
            raise UnfitLine(line, f"it is one too many, a rule has {MOST_LINES} at most")
        if len(line) > LONGEST_LINE:
            raise UnfitLine(line, f"it has {len(line)} characters, {LONGEST_LINE} are the most")
    return lines


def matches(rules: Iterable[Rule], subject: Subject) -> tuple[Match, ...]:
    """What the rules find, one match for each that finds something, in their order."""
    found = ((rule, rule.found(subject)) for rule in rules)
    return tuple(_match(rule, line) for rule, line in found if line is not None)


_SAYS = {
    RuleKind.PHRASE: "It says “{}”",
    RuleKind.PATTERN: "It fits the pattern “{}”",
    RuleKind.HOST: "It links to “{}”",
    RuleKind.ADDRESS: "Its sender's e-mail address is “{}”",
    RuleKind.NETWORK: "It was sent from the network “{}”",
}


def _match(rule: Rule, line: str) -> Match:
    sentence = f"{_SAYS[rule.kind].format(line)} (rule “{rule.name}”)."
    return Match(rule.id, rule.name, rule.effect, line, sentence, rule.tag_id, rule.note)


def host_key(host: str) -> str:
    """A host in plain small letters between dots (`.example.com`), punycode read; nothing for what
    is no host. Hosts that look alike have one key."""
    seen = plain(host).casefold().strip().rstrip(".")
    try:
        labels = [
            idna.decode(part) if part.startswith("xn--") else part for part in seen.split(".")
        ]
    except idna.IDNAError:
        return ""
    if not all(_LABEL.fullmatch(label) for label in labels):
        return ""
    letters = (plain_letters(unicodedata.normalize("NFKC", label)).casefold() for label in labels)
    return "".join(f".{label}" for label in letters)


def _phrase(line: str) -> tuple[Finder, int]:
    find = phrase(line)
    return (lambda subject: any(map(find, subject.readings))), 0


def _pattern(line: str) -> tuple[Finder, int]:
    pattern = Pattern(line)
    return (lambda subject: any(map(pattern.is_in, subject.plain))), pattern.size


def _host(line: str) -> tuple[Finder, int]:
    key = host_key(line.removeprefix("*."))
    if not key:
        raise Unsearchable("it is no host; write it like example.com, without https:// and path")
    return (lambda subject: any(host.endswith(key) for host in subject.host_keys)), 0


def _address(line: str) -> tuple[Finder, int]:
    box, at, host = without_invisible(line).rpartition("@")
    key = host_key(host)
    if not at or not box or not key or ("*" in box and box != "*"):
        raise Unsearchable(
            "it is no e-mail address; write it like name@example.com, or *@example.com for all "
            "of a host"
        )
    if box == "*":
        return (lambda subject: subject.mail_host.endswith(key)), 0
    whole = fold_email(line)
    return (lambda subject: fold_email(subject.email) == whole), 0


def _network(line: str) -> tuple[Finder, int]:
    network = as_network(line)
    if network is None:
        raise Unsearchable("it is no network; write it like 203.0.113.0/24, or a single address")
    return (lambda subject: bool(subject.machine) and is_within(subject.machine or "", network)), 0


_MAKERS: dict[RuleKind, Callable[[str], tuple[Finder, int]]] = {
    RuleKind.PHRASE: _phrase,
    RuleKind.PATTERN: _pattern,
    RuleKind.HOST: _host,
    RuleKind.ADDRESS: _address,
    RuleKind.NETWORK: _network,
}
