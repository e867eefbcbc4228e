"""What a rule would have done to the texts decided last, before it is let loose on the next ones.

A rehearsal reads and never writes. It ends after `SECONDS` with what it has seen by then.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import STAFF
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.queue import sections
from app.domains.screening.errors import WideRule
from app.engines.networks import as_network, is_within, shortened
from app.engines.spam.rules import Rule, RuleKind, Subject
from app.engines.text.excerpt import excerpt
from app.engines.text.links import link_hosts
from app.infra import clock
from app.infra.db import db
from app.infra.language import _, grouped

SIZES = (200, 1_000, 5_000)
USUAL = 1_000
SECONDS = 5
BETWEEN_LOOKS = 50
"""After how many texts the time is looked at."""
SHOWN = 20
"""How many texts are listed, of those that were let in and of the others."""
WORDS = 90
TURNED_DOWN = (Status.REJECTED, Status.SPAM, Status.DELETED)


@dataclass(frozen=True, slots=True)
class Met:
    """A text that the rule would have met, by `line`; `words` are its title or beginning."""

    comment_id: int
    words: str
    author_name: str
    status: str
    line: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`wanted` texts were asked for and `looked_at` seen, of which `undecided` were published
    without anybody's decision. Of the `approved` ones the rule would have met `cost`, of the
    `turned_down` ones `gain`. `cut` says that the time was up before all were seen."""

    wanted: int
    looked_at: int
    undecided: int
    approved: int
    cost: int
    turned_down: int
    gain: int
    shown: tuple[Met, ...]
    cut: bool

    @property
    def met(self) -> int:
        return self.cost + self.gain

    @property
    def meets_all(self) -> bool:
        return self.looked_at > 0 and self.met == self.looked_at

    @property
    def is_wide(self) -> bool:
        """Whether it meets everything, or more than half of what stands on the site."""
        return self.meets_all or self.cost * 2 > self.approved


def rehearse(rule: Rule, size: int, *, within: Collection[int] | None = None) -> Rehearsal:
    """Replay the rule on the `size` texts decided last, newest first; staff's are left out.

    Where fewer were decided, published ones that nobody decided on fill the rest: an import, or
    known writers. `within` limits it to sections (`sections.of`).
    """
    rule = _as_stored(rule)
    until = clock.now() + timedelta(seconds=SECONDS)
    stands, fell = _Pile(), _Pile()
    undecided = 0
    cut = False
    with closing(_settled(size, within)) as texts:
        for number, row in enumerate(texts):
            if number and number % BETWEEN_LOOKS == 0 and clock.now() > until:
                cut = True
                break
            pile = stands if row.status == Status.APPROVED else fell
            pile.add(row, rule.found(_subject(row, rule.kind)))
            undecided += row.decided_at is None
    return Rehearsal(
        wanted=size,
        looked_at=stands.seen + fell.seen,
        undecided=undecided,
        approved=stands.seen,
        cost=stands.met,
        turned_down=fell.seen,
        gain=fell.met,
        shown=(*stands.shown, *fell.shown),
        cut=cut,
    )


@dataclass(slots=True)
class _Pile:
    """Texts of one fate: how many were seen and met, and the first of those met."""

    seen: int = 0
    met: int = 0
    shown: list[Met] = field(default_factory=list)

    def add(self, row: Row[*tuple[Any, ...]], line: str | None) -> None:
        self.seen += 1
        if line is not None:
            self.met += 1
            if self.met <= SHOWN:
                self.shown.append(_met(row, line))


def check(rule: Rule, *, sure: bool) -> None:
    """Raise WideRule for one that meets most of what stands, unless somebody is `sure`."""
    if sure:
        return
    seen = rehearse(rule, USUAL)
    if seen.meets_all:
        raise WideRule(
            _(
                "This rule would meet every text: all of the %(number)s decided last. "
                "If that is what you want, say so below.",
                number=grouped(seen.looked_at),
            )
        )
    if seen.is_wide:
        raise WideRule(
            _(
                "This rule would meet %(part)s of %(whole)s texts that were let in, "
                "which is more than half. If that is what you want, say so below.",
                part=grouped(seen.cost),
                whole=grouped(seen.approved),
            )
        )


def _settled(
    size: int, within: Collection[int] | None
) -> Generator[Row[*tuple[Any, ...]], None, None]:
    decided = _texts(within, Comment.decided_at.is_not(None)).where(
        Comment.status.in_((Status.APPROVED, *TURNED_DOWN))
    )
    newest = (Comment.decided_at.desc(), Comment.id.desc())
    count = 0
    for row in _read(decided.order_by(*newest).limit(size)):
        count += 1
        yield row
    if count < size:
        passed = _texts(within, Comment.decided_at.is_(None)).where(
            Comment.status == Status.APPROVED
        )
        yield from _read(passed.order_by(Comment.id.desc()).limit(size - count))


def _read(wanted: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    with db.session.execute(wanted.execution_options(yield_per=BETWEEN_LOOKS)) as rows:
        yield from rows


def _texts(within: Collection[int] | None, *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(
            Comment.id,
            Comment.title,
            Comment.source,
            Comment.html,
            Comment.author_name,
            Comment.status,
            Comment.network,
            Comment.created_at,
            Comment.decided_at,
            Address.email,
        )
        .outerjoin(Account, Account.id == Comment.account_id)
        .outerjoin(Address, Address.id == Comment.address_id)
        .where(
            Comment.by_author.is_(False),
            or_(Account.id.is_(None), Account.role.not_in(STAFF)),
            *where,
        )
    )
    return wanted if within is None else wanted.where(sections.within(within))


def _subject(row: Row[*tuple[Any, ...]], kind: RuleKind) -> Subject:
    """What the rule looks at; hosts are read from the text only for a rule that asks for them."""
    return Subject(
        source=row.source,
        hosts=link_hosts(row.html) if kind == RuleKind.HOST else (),
        name=row.author_name,
        email=row.email or "",
        machine=row.network,
    )


def _met(row: Row[*tuple[Any, ...]], line: str) -> Met:
    return Met(
        row.id,
        row.title or excerpt(row.html, WORDS),
        row.author_name,
        row.status,
        line,
        row.decided_at or row.created_at,
    )


def _as_stored(rule: Rule) -> Rule:
    """A rule of networks widened to what is kept of an address: its street, not its house."""
    if rule.kind != RuleKind.NETWORK:
        return rule
    return replace(rule, lines=tuple(dict.fromkeys(map(_widened, rule.lines))))


def _widened(line: str) -> str:
    network = as_network(line) or line
    kept = shortened(network.partition("/")[0]) or network
    return network if is_within(kept, network) else kept
