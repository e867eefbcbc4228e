"""What a line of a rule finds: one way of looking for each kind of line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import idna

from app.engines.networks import as_network, is_within
from app.engines.said import says
from app.engines.spam.patterns import Pattern, Unsearchable
from app.engines.spam.phrases import Readings, phrase, plain, readings
from app.engines.text.characters import without_invisible
from app.engines.text.names import fold_email, plain_letters

_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")


class RuleKind(StrEnum):
    """What the lines of a rule are."""

    PHRASE = "phrase"
    PATTERN = "pattern"
    HOST = "host"
    ADDRESS = "address"
    NETWORK = "network"


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


Finder = Callable[[Subject], bool]


def finder_of(kind: RuleKind, line: str) -> tuple[Finder, int]:
    """What finds the line, and how much that may cost (`Pattern.size`). Raises Unsearchable."""
    return _MAKERS[kind](line)


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
        raise Unsearchable(
            says("It is no host; write it like example.com, without https:// and path.")
        )
    return (lambda subject: any(host.endswith(key) for host in subject.host_keys)), 0


def _address(line: str) -> tuple[Finder, int]:
    box, at, host = without_invisible(line).rpartition("@")
    key = host_key(host)
    if not at or not box or not key or ("*" in box and box != "*"):
        raise Unsearchable(
            says(
                "It is no e-mail address; write it like name@example.com, or *@example.com for all "
                "of a host."
            )
        )
    if box == "*":
        return (lambda subject: subject.mail_host.endswith(key)), 0
    whole = fold_email(line)
    return (lambda subject: fold_email(subject.email) == whole), 0


def _network(line: str) -> tuple[Finder, int]:
    network = as_network(line)
    if network is None:
        raise Unsearchable(
            says("It is no network; write it like 203.0.113.0/24, or a single address.")
        )
    return (lambda subject: bool(subject.machine) and is_within(subject.machine or "", network)), 0


_MAKERS: dict[RuleKind, Callable[[str], tuple[Finder, int]]] = {
    RuleKind.PHRASE: _phrase,
    RuleKind.PATTERN: _pattern,
    RuleKind.HOST: _host,
    RuleKind.ADDRESS: _address,
    RuleKind.NETWORK: _network,
}
