"""What everybody may know of the desk, where the site wants it: months, and no person in them.

Small numbers are never told exactly: among a few, somebody would know who is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import reasons
from app.domains.moderation.figures.numbers import Window, day_of, looked_at, times_between
from app.domains.moderation.models import Report
from app.domains.moderation.states import ReportOutcome
from app.engines.percentiles import delay
from app.infra import stored_settings
from app.infra.db import db
from app.infra.language import sentence

SETTING = "openness"
DAYS = 90
FEW = 5
"""Fewer than these, and nobody says how many."""
OTHER = sentence("Another reason")


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is its first day. `refused` counts by the short words of the site's own reasons, all
    others together as OTHER. `median` is None where too few texts were decided to tell."""

    first: date
    came: int
    let_in: int
    spam: int
    refused: Mapping[str, int]
    upheld: int
    dismissed: int
    median: timedelta | None


def with_version() -> tuple[bool, int]:
    """Whether everybody may see it, and the version that a change of that must have seen."""
    value, version = stored_settings.read(SETTING)
    return bool(value and value.get("is_on")), version


def is_on() -> bool:
    return with_version()[0]


def switch(is_on: bool, *, seen: int, by: Account) -> None:
    """Show or hide the page. Raises ChangedMeanwhile."""
    stored_settings.write(SETTING, {"is_on": is_on}, seen=seen, by=by)


def summary() -> list[Month]:
    """The months that the last 90 days touch, the present one first, whole as far as they have
    passed: with moving edges two visits would tell what happened between them."""
    first = Window(DAYS).all_days[0].replace(day=1)
    window = Window((Window(1).all_days[0] - first).days + 1)
    came, refused, reports = _texts(window), _refusals(window), _reports(window)
    months = dict.fromkeys(day.replace(day=1) for day in reversed(window.all_days))
    return [
        Month(
            first=month,
            came=came[month].total(),
            let_in=came[month][Status.APPROVED],
            spam=came[month][Status.SPAM],
            refused=refused[month],
            upheld=reports[month][ReportOutcome.UPHELD],
            dismissed=reports[month][ReportOutcome.DISMISSED],
            median=_median(month),
        )
        for month in months
    ]


class _Months(dict[date, Counter[str]]):
    def __missing__(self, month: date) -> Counter[str]:
        self[month] = Counter()
        return self[month]

    def add(self, month: str, name: str | None, count: int) -> None:
        if name is not None:
            self[date.fromisoformat(f"{month}-01")][name] += count


def _texts(window: Window) -> _Months:
    months, month = _Months(), func.substr(day_of(Comment.created_at), 1, 7)
    rows = db.session.execute(
        select(month, Comment.status, func.count())
        .where(Comment.status.in_(list(Status)), Comment.created_at >= window.since)
        .group_by(month, Comment.status)
    )
    for text, status, count in rows:
        months.add(text, status, count)
    return months


def _refusals(window: Window) -> _Months:
    known = {one.sentence: one.words for one in reasons.all_of_them()}
    known |= {words: words for words in known.values()}
    months, month = _Months(), func.substr(day_of(Comment.decided_at), 1, 7)
    rows = db.session.execute(
        select(month, Comment.reject_reason, func.count())
        .where(
            Comment.decided_at >= window.since,
            looked_at(Comment.status) == Status.REJECTED,
            Comment.reject_reason.in_(list(known)),
        )
        .group_by(month, Comment.reject_reason)
    )
    for text, reason, count in rows:
        months.add(text, known[reason], count)
    others = db.session.execute(
        select(month, func.count())
        .where(
            Comment.decided_at >= window.since,
            looked_at(Comment.status) == Status.REJECTED,
            Comment.reject_reason.not_in(list(known)),
        )
        .group_by(month)
    )
    for text, count in others:
        months.add(text, OTHER, count)
    return months


def _reports(window: Window) -> _Months:
    months, month = _Months(), func.substr(day_of(Report.at), 1, 7)
    rows = db.session.execute(
        select(month, Report.outcome, func.count())
        .where(Report.at >= window.since)
        .group_by(month, Report.outcome)
    )
    for text, outcome, count in rows:
        months.add(text, outcome, count)
    return months


def _median(month: date) -> timedelta | None:
    begin = datetime(month.year, month.month, 1, tzinfo=UTC)
    end = (begin + timedelta(days=31)).replace(day=1) - timedelta(microseconds=1)
    found = delay([time for _, time in times_between(begin, end)])
    return None if found is None or found.count < FEW else found.median
