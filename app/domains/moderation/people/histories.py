"""What is known of a person's past here: what they wrote and what became of it, how often, under
which names and from where, and what was reported about them and by them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, joinedload

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.models import Report
from app.domains.moderation.people.persons import Person, wrote
from app.domains.moderation.queue import sections
from app.infra import clock
from app.infra.db import db

TEXTS_A_PAGE = 20
LATELY = timedelta(days=30)
DECIDED = (Status.APPROVED, Status.REJECTED, Status.SPAM)
STATES: dict[str, tuple[Status, ...]] = {
    "all": (),
    "waiting": (Status.PENDING,),
    "approved": (Status.APPROVED,),
    "rejected": (Status.REJECTED,),
    "spam": (Status.SPAM,),
    "gone": (Status.WITHDRAWN, Status.DELETED),
}
"""The views of what somebody wrote; an empty one leaves nothing out."""


@dataclass(frozen=True, slots=True)
class Record:
    """What became of somebody's texts, by status: of all, and of those of the last 30 days."""

    ever: dict[str, int]
    lately: dict[str, int]

    def count(self, state: str) -> int:
        """How many a view of `STATES` has."""
        return sum(self.ever.get(status, 0) for status in STATES[state] or Status)

    @property
    def a_day(self) -> float:
        """Texts a day over the last 30 days."""
        return sum(self.lately.values()) / LATELY.days

    def share(self, status: str) -> int | None:
        """Of the texts of the last 30 days that were decided, how many in a hundred came to this;
        None where none was."""
        decided = sum(self.lately.get(one, 0) for one in DECIDED)
        return round(100 * self.lately.get(status, 0) / decided) if decided else None


def record_of(person: Person, tag_ids: Collection[int] | None) -> Record:
    """`tag_ids` are the sections of whoever looks, as `sections.of` gives them."""
    recent = case((Comment.created_at > clock.now() - LATELY, 1), else_=0)
    found = db.session.execute(
        select(Comment.status, func.count(), func.sum(recent))
        .where(wrote(person), *_within(tag_ids))
        .group_by(Comment.status)
    ).all()
    return Record(
        {status: count for status, count, _ in found},
        {status: int(lately) for status, _, lately in found if lately},
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page goes on: after the text of this time and id."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{round(self.at.timestamp() * 1_000_000)}_{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that an address names; None for what is none."""
        at, _, number = text.partition("_")
        if not (at.isascii() and at.isdigit() and number.isascii() and number.isdigit()):
            return None
        if len(at) > 17 or len(number) > 9:
            return None
        beginning = datetime(1970, 1, 1, tzinfo=UTC)
        return cls(beginning + timedelta(microseconds=int(at)), int(number))


def texts_of(
    person: Person, state: str, *, tag_ids: Collection[int] | None, after: Place | None
) -> tuple[list[Comment], Place | None]:
    """A page of what somebody wrote, newest first, with its articles, and where the next begins."""
    statement = (
        select(Comment)
        .options(joinedload(Comment.article))
        .where(wrote(person), *_within(tag_ids))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
    )
    if STATES[state]:
        statement = statement.where(Comment.status.in_(STATES[state]))
    if after is not None:
        statement = statement.where(
            tuple_(Comment.created_at, Comment.id) < tuple_(after.at, after.id)
        )
    found = list(db.session.scalars(statement.limit(TEXTS_A_PAGE + 1)))
    page = found[:TEXTS_A_PAGE]
    more = Place(page[-1].created_at, page[-1].id) if len(found) > TEXTS_A_PAGE else None
    return page, more


@dataclass(frozen=True, slots=True)
class Trace:
    """A name or a network that texts came under, how many and until when."""

    words: str
    count: int
    last: datetime


def names_of(person: Person, limit: int = 20) -> list[Trace]:
    """The names somebody wrote under, the latest first."""
    return _traces(Comment.author_name, person, limit)


def networks_of(person: Person, limit: int = 10) -> list[Trace]:
    """The shortened networks their texts of the last 30 days came from, the latest first."""
    return _traces(Comment.network, person, limit)


def _traces(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    person: Person,
    limit: int,
) -> list[Trace]:
    last = func.max(Comment.created_at)
    found = db.session.execute(
        select(column, func.count(), last)
        .where(wrote(person), column.is_not(None))
        .group_by(column)
        .order_by(last.desc())
        .limit(limit)
    )
    return [Trace(words or "", count, until) for words, count, until in found]


def reports_about(
    person: Person, tag_ids: Collection[int] | None, limit: int = 20
) -> Sequence[Report]:
    """What readers reported about their texts, newest first."""
    return _reports(wrote(person), tag_ids, limit)


def reports_by(
    person: Person, tag_ids: Collection[int] | None, limit: int = 20
) -> Sequence[Report]:
    """What they reported about others, newest first."""
    ways: list[ColumnElement[bool]] = []
    if person.account is not None:
        ways.append(Report.account_id == person.account.id)
    if person.address is not None:
        ways.append(Report.address_id == person.address.id)
    return _reports(or_(*ways), tag_ids, limit)


def _reports(
    which: ColumnElement[bool], tag_ids: Collection[int] | None, limit: int
) -> Sequence[Report]:
    return db.session.scalars(
        select(Report)
        .join(Report.comment)
        .options(contains_eager(Report.comment))
        .where(which, *_within(tag_ids))
        .order_by(Report.id.desc())
        .limit(limit)
    ).all()


def _within(tag_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if tag_ids is None else [sections.within(tag_ids)]
