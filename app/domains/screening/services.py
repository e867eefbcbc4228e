"""Intake: gather what is known of a new text and its sender, and let the checks speak."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app.domains.accounts.queries import name_looks_like_staff
from app.domains.screening import outside, queries, rules
from app.engines.spam.facts import Facts
from app.engines.spam.hosts import shortened, unseen
from app.engines.spam.intake import assess as judge
from app.engines.spam.plan import Plan
from app.engines.spam.rules import Match, Subject, matches
from app.engines.spam.scripts import capitals, disguised, foreign
from app.engines.spam.verdict import Verdict
from app.infra import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends a text, as far as the checks ask (`engines.spam.facts.Facts`).

    `proven` is whether the writer's address was proven in this browser; `approved_before` counts
    published texts of the same account or address. A guest's name that looks like that of staff
    was refused before; that of an account may have come to look so since. `machine` is an address
    or, later, the network of it; `standing` the reason of a measure that holds all of theirs;
    `namesake` the name of somebody else in the thread that looks like theirs.
    """

    name: str
    email: str
    machine: str | None
    has_account: bool
    proven: bool
    approved_before: int
    decided_lately: int
    turned_down_lately: int
    standing: str | None
    namesake: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A text, and how it came in. `hosts` are those of the links in its safe rendering, so that
    every way to write one counts; `features` are what the model sees of it, `likeness` is to the
    likest text of the last week."""

    source: str
    hosts: tuple[str, ...]
    features: tuple[str, ...]
    trap_filled: bool
    seconds_to_fill: float | None
    same_by_others: bool
    likeness: float
    like_own: bool


def for_staff() -> Verdict:
    """What staff write passes, unread."""
    return judge(Facts(is_staff=True))


def assess(text: Incoming, sender: Sender, plan: Plan) -> tuple[Verdict, tuple[Match, ...]]:
    """The verdict on a reader's text: pass, hold or spam, each reason with its weight and
    sentence; and which rules of the desk matched."""
    found = matches(
        rules.live_rules(),
        Subject(text.source, text.hosts, sender.name, sender.email, sender.machine),
    )
    return judge(_facts(text, sender, found), plan), found


def _facts(text: Incoming, sender: Sender, found: tuple[Match, ...]) -> Facts:
    site = settings.current()
    own_host = urlsplit(site.public_url).hostname or ""
    opinion, known_hosts = queries.look(text.features, text.hosts)
    foreign_letters, scripts = foreign(text.source, site.site_language)
    return Facts(
        proven=sender.proven,
        approved_before=sender.approved_before,
        decided_lately=sender.decided_lately,
        turned_down_lately=sender.turned_down_lately,
        standing=sender.standing,
        namesake=sender.namesake,
        name_looks_like_staff=sender.has_account and name_looks_like_staff(sender.name),
        link_count=len(text.hosts),
        new_hosts=unseen(text.hosts, known=known_hosts, own=own_host),
        short_hosts=shortened(text.hosts),
        same_by_others=text.same_by_others,
        likeness=text.likeness,
        like_own=text.like_own,
        honeypot_filled=text.trap_filled,
        seconds_to_fill=text.seconds_to_fill,
        capitals=capitals(text.source),
        foreign_letters=foreign_letters,
        scripts=scripts,
        disguised_words=disguised(text.source),
        matches=found,
        spam_chance=opinion.chance if opinion else None,
        spam_words=tuple(word.shown for word in opinion.speaking()) if opinion else (),
        loud_words=tuple(word.shown for word in opinion.loudest()) if opinion else (),
        opinion_wanted=outside.is_wanted(),
    )
