"""The desk in numbers. Every read is bounded: by its days, which an index leads to, or by a sample.

Days are in UTC. `since` is the first moment that counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.queue.lanes import CAME, LANES
from app.domains.moderation.services import Verb
from app.domains.moderation.states import Lane
from app.engines.percentiles import Delay, delay
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db, is_postgresql

SAMPLE = 5_000
"""Of how many decisions the times are taken: the newest of the days asked for."""
PUBLISHED_LOOKED_AT = 20_000
"""Among how many of the newest published texts the author's answers are looked for."""
MOST_COUNTED = 10_000
MOST_REASONS = 12
VERDICTS = (Verb.APPROVE, Verb.REJECT, Verb.SPAM, Verb.DELETE)
BECAME = {
    "let in": (Status.APPROVED,),
    "refused": (Status.REJECTED,),
    "spam": (Status.SPAM,),
    "taken away": (Status.WITHDRAWN, Status.DELETED),
    "waiting": (Status.PENDING,),
}
"""What can have become of a text, in words, by its state now."""


@dataclass(frozen=True, slots=True)
class Now:
    """How many texts are in a list (at most `MOST_COUNTED`), and since when the oldest is."""

    name: str
    count: int
    since: datetime | None

    @property
    def is_more(self) -> bool:
        return self.count >= MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Load:
    """One person's verdicts by week, as `weeks` of `Window` has them."""

    name: str
    by_week: Mapping[date, int]

    @property
    def total(self) -> int:
        return sum(self.by_week.values())


@dataclass(frozen=True, slots=True)
class Window:
    """The last `days` days, today included."""

    days: int

    @property
    def all_days(self) -> tuple[date, ...]:
        today = clock.now().astimezone(UTC).date()
        return tuple(today - timedelta(days=back) for back in reversed(range(self.days)))

    @property
    def since(self) -> datetime:
        first = self.all_days[0]
        return datetime(first.year, first.month, first.day, tzinfo=UTC)

    @property
    def weeks(self) -> tuple[date, ...]:
        """Their Mondays; the first week may have begun before the window."""
        return tuple(dict.fromkeys(map(monday, self.all_days)))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def day_of(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The day in UTC as "2026-03-07", in the words of this database."""
    if is_postgresql():
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD")
    return func.substr(cast(column, String), 1, 10)


def looked_at(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """A column that is compared row by row: no database takes its index for a better way than that
    of the days, which leads to few rows."""
    return func.coalesce(column, "")


def waiting_now() -> list[Now]:
    """What waits in each list of the desk."""
    lists = {lane: CAME[lane] for lane in (Lane.WAITING, Lane.REPORTED, Lane.RECHECK)}
    lists[Lane.HELD] = Comment.created_at
    columns: list[ColumnElement[Any]] = []
    for lane, came in lists.items():
        where = LANES[lane]
        some = select(Comment.id).where(*where).limit(MOST_COUNTED).subquery()
        columns.append(select(func.count()).select_from(some).scalar_subquery())
        columns.append(select(came).where(*where).order_by(came).limit(1).scalar_subquery())
    row = db.session.execute(select(*columns)).one()
    return [Now(name, row[2 * place], row[2 * place + 1]) for place, name in enumerate(lists)]


def by_day(window: Window) -> dict[date, Counter[str]]:
    """What came in on each day, by what has become of it (the names of `BECAME`)."""
    names: dict[str, str] = {state: name for name, states in BECAME.items() for state in states}
    found = {day: Counter[str]() for day in window.all_days}
    day = day_of(Comment.created_at)
    rows = db.session.execute(
        select(day, Comment.status, func.count())
        .where(Comment.status.in_(list(names)), Comment.created_at >= window.since)
        .group_by(day, Comment.status)
    )
    for text, status, count in rows:
        found.setdefault(date.fromisoformat(text), Counter())[names[status]] += count
    return found


def times_to_decision(window: Window) -> list[tuple[date, timedelta]]:
    return times_between(window.since, clock.now())


def times_between(since: datetime, until: datetime) -> list[tuple[date, timedelta]]:
    """How long texts waited for the first verdict of a person, each with the day of the verdict:
    of the newest `SAMPLE` verdicts between these times."""
    rows = db.session.execute(
        select(AuditEntry.subject_id, AuditEntry.at, Comment.created_at)
        .join(Comment, Comment.id == AuditEntry.subject_id)
        .where(
            AuditEntry.at >= since,
            AuditEntry.at <= until,
            looked_at(AuditEntry.subject) == "comment",
            AuditEntry.from_state == Status.PENDING,
            AuditEntry.act.in_(VERDICTS),
            AuditEntry.actor_id.is_not(None),
        )
        .order_by(AuditEntry.at.desc())
        .limit(SAMPLE)
    )
    firsts = {comment_id: (at.date(), at - came) for comment_id, at, came in rows}
    return [*firsts.values()]


def time_to_answer(window: Window) -> Delay | None:
    """How long readers waited for the author's first answer, of the questions that got it in these
    days: among the newest `PUBLISHED_LOOKED_AT` published texts."""
    newest = (
        select(Comment.id)
        .where(Comment.status == Status.APPROVED, Comment.created_at >= window.since)
        .order_by(Comment.created_at.desc())
        .limit(PUBLISHED_LOOKED_AT)
        .subquery()
    )
    answer, question, earlier = aliased(Comment), aliased(Comment), aliased(Comment)
    is_first = ~exists().where(
        earlier.question_id == answer.question_id,
        earlier.by_author,
        earlier.status == Status.APPROVED,
        earlier.id < answer.id,
    )
    rows = db.session.execute(
        select(answer.published_at, answer.created_at, question.created_at)
        .join(newest, newest.c.id == answer.id)
        .join(question, question.id == answer.question_id)
        .where(answer.by_author, ~question.by_author, is_first)
    )
    return delay([(published or written) - asked for published, written, asked in rows])


def delay_of(times: Sequence[tuple[date, timedelta]]) -> Delay | None:
    return delay([time for _, time in times])


def delays_by_week(
    window: Window, times: Sequence[tuple[date, timedelta]]
) -> dict[date, Delay | None]:
    return {
        week: delay([time for day, time in times if monday(day) == week]) for week in window.weeks
    }


def reasons(window: Window) -> list[tuple[str, int]]:
    """Why texts were refused that are still refused, most often first; at most `MOST_REASONS`."""
    count = func.count()
    rows = db.session.execute(
        select(Comment.reject_reason, count)
        .where(Comment.decided_at >= window.since, looked_at(Comment.status) == Status.REJECTED)
        .group_by(Comment.reject_reason)
        .order_by(count.desc(), Comment.reject_reason)
        .limit(MOST_REASONS)
    )
    return [(reason, number) for reason, number in rows]


def load(window: Window) -> list[Load]:
    """The verdicts of each person, whoever gave most first."""
    day, who = day_of(AuditEntry.at), func.coalesce(AuditEntry.actor_id, 0)
    rows = db.session.execute(
        select(who, func.max(AuditEntry.actor_name), day, func.count())
        .where(
            AuditEntry.at >= window.since,
            looked_at(AuditEntry.subject) == "comment",
            AuditEntry.act.in_(VERDICTS),
            who > 0,
        )
        .group_by(who, day)
    )
    names: dict[int, str] = {}
    weeks: dict[int, Counter[date]] = {}
    for actor_id, name, text, count in rows:
        names[actor_id] = name
        weeks.setdefault(actor_id, Counter())[monday(date.fromisoformat(text))] += count
    found = [Load(names[actor_id], by_week) for actor_id, by_week in weeks.items()]
    return sorted(found, key=lambda one: (-one.total, one.name))
