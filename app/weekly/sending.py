"""When authors are sent their week: once, on Monday morning, or when a worker is back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select

from app.domains.accounts import preferences
from app.infra import clock, language
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import outbox
from app.notifications.states import Mail
from app.weekly import digest
from app.weekly.weeks import CATCHES_UP, WEEK, Week, by_day, last_to_tell

JOB = "weekly.look"
AGAIN = timedelta(hours=1)
"""How often it is looked whose Monday morning has come."""
FARTHEST = (CATCHES_UP + 2) * WEEK
"""No digest of today tells of a question that came out longer ago."""
AT_ONCE = 50
"""Authors whose weeks are looked up in one statement."""


def look(_job: Job) -> None:
    """The periodic job: queue a digest for every author whose time has come and who was asked
    something. Commits by itself, and may be repeated."""
    now = clock.now()
    authors = digest.authors_asked(since=now - FARTHEST)
    for begin in range(0, len(authors), AT_ONCE):
        for account_id, first, week in list(_due(authors[begin : begin + AT_ONCE], now)):
            _queue(account_id, first, week, now)


def zone_of(chosen: str | None) -> ZoneInfo:
    """By which clock an author's week begins and ends: the one that they chose, else the site's."""
    manner = preferences.manner_of(None, chosen, None, usual=language.of_site())
    return ZoneInfo(manner.zone)


def _due(
    authors: Sequence[Row[int, str | None, datetime | None]], now: datetime
) -> Iterator[tuple[int, Week, Week]]:
    """Whom to tell, and from which week to which. Where none of the weeks before was told either,
    although one before them was, no worker ran: they are told in the same mail."""
    weeks = {row.id: last_to_tell(now, zone_of(row.time_zone)) for row in authors}
    newest = {row.id: row.newest for row in authors}
    told = _told(weeks)
    for account_id, week in weeks.items():
        if any(ahead >= 0 for ahead in told[account_id]):
            continue  # told, or the clock went back
        first = week.later(max(told[account_id]) + 1) if told[account_id] else week
        if newest[account_id] >= first.begins and digest.has_any(
            account_id, first.begins, week.ends
        ):
            yield account_id, first, week


def _told(weeks: dict[int, Week]) -> dict[int, set[int]]:
    """Which digests there are, by how many weeks before (below 0) or after this one each is."""
    keys = {
        outbox.key_of_account(Mail.WEEK, account_id, _cause(week.later(ahead))): (account_id, ahead)
        for account_id, week in weeks.items()
        for ahead in range(-CATCHES_UP, CATCHES_UP + 1)
    }
    found: dict[int, set[int]] = {account_id: set() for account_id in weeks}
    for key in db.session.scalars(select(Job.once_key).where(Job.once_key.in_(keys))):
        account_id, ahead = keys[key or ""]
        found[account_id].add(ahead)
    return found


def _cause(week: Week) -> str:
    return f"week {week.monday.isoformat()}"


def _queue(account_id: int, first: Week, week: Week, now: datetime) -> None:
    payload = {
        "account_id": account_id,
        "since": first.begins.isoformat(),
        "until": week.ends.isoformat(),
        "first": first.monday.isoformat(),
        "last": week.sunday.isoformat(),
    }
    after = by_day(now, week.zone) - now
    with unit_of_work():
        outbox.queue_for_account(
            Mail.WEEK, payload, account_id=account_id, cause=_cause(week), after=after
        )
