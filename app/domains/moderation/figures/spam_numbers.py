"""How much spam was caught, how much got through, and how much was no spam."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.figures.numbers import Window, day_of, looked_at, monday
from app.infra.audit import AuditEntry
from app.infra.db import db

Moved = tuple[date, bool, str | None, str | None, int]
"""The day, whether it was an undoing, from, to, and how many."""


@dataclass(frozen=True, slots=True)
class Spam:
    """`caught`: spam that nobody ever read on the site, by the week it came in. `let_through`: what
    was published first and marked as spam later, by the week of the marking. `by_mistake`: what a
    person took out of the spam again."""

    caught: Mapping[date, int]
    let_through: Mapping[date, int]
    by_mistake: Mapping[date, int]


def spam(window: Window) -> Spam:
    moved = _moves(window)
    return Spam(
        caught=_by_week(_caught(window)),
        let_through=_net(moved, Status.APPROVED, Status.SPAM),
        by_mistake=_net(moved, Status.SPAM, Status.APPROVED),
    )


def _caught(window: Window) -> Counter[date]:
    day = day_of(Comment.created_at)
    from_spam = exists().where(
        AuditEntry.subject == "comment",
        AuditEntry.subject_id == Comment.id,
        AuditEntry.from_state == Status.SPAM,
        AuditEntry.to_state == Status.DELETED,
    )
    caught: Counter[date] = Counter()
    for conditions in (
        (Comment.status == Status.SPAM,),
        (Comment.status == Status.DELETED, from_spam),
    ):
        rows = db.session.execute(
            select(day, func.count())
            .where(*conditions, Comment.created_at >= window.since, Comment.published_at.is_(None))
            .group_by(day)
        )
        for text, count in rows:
            caught[date.fromisoformat(text)] += count
    return caught


def _moves(window: Window) -> list[Moved]:
    """Moves between what is published and the spam."""
    day, undone = day_of(AuditEntry.at), AuditEntry.act == "undo"
    ends = (Status.SPAM, Status.APPROVED)
    rows = db.session.execute(
        select(day, undone, AuditEntry.from_state, AuditEntry.to_state, func.count())
        .where(
            AuditEntry.at >= window.since,
            looked_at(AuditEntry.subject) == "comment",
            AuditEntry.from_state.in_(ends),
            AuditEntry.to_state.in_(ends),
        )
        .group_by(day, undone, AuditEntry.from_state, AuditEntry.to_state)
    )
    return [
        (date.fromisoformat(text), bool(back), before, after, count)
        for text, back, before, after, count in rows
    ]


def _net(moved: Sequence[Moved], before: Status, after: Status) -> Mapping[date, int]:
    """By week, what went this way less what was undone of it."""
    weeks: Counter[date] = Counter()
    for day, back, start, end, count in moved:
        if not back and (start, end) == (before, after):
            weeks[monday(day)] += count
        if back and (start, end) == (after, before):
            weeks[monday(day)] -= count
    return {week: max(count, 0) for week, count in weeks.items()}


def _by_week(days: Mapping[date, int]) -> Mapping[date, int]:
    weeks: Counter[date] = Counter()
    for day, count in days.items():
        weeks[monday(day)] += count
    return weeks
