"""Which week a digest tells of, and when it goes out. Facts in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from app.engines import mornings

WEEK = timedelta(days=7)
TOLD_AT = mornings.HOUR
"""The hour on the Monday after, by the clock of whom it is for."""
LAST_CALL = 20
"""From this hour on nothing is sent: it waits for the next morning."""
CATCHES_UP = 5
"""Weeks: so far back a digest reaches for what no worker told, and so far is looked for others."""


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday to the Sunday after it, as a clock in this zone has them."""

    monday: date
    zone: tzinfo

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def begins(self) -> datetime:
        return _at(self.monday, 0, self.zone)

    @property
    def ends(self) -> datetime:
        """Which is when the next one begins."""
        return _at(self.monday + WEEK, 0, self.zone)

    @property
    def is_told_at(self) -> datetime:
        return _at(self.monday + WEEK, TOLD_AT, self.zone)

    def later(self, weeks: int) -> Week:
        """The week so many weeks after this one; before it for a number below 0."""
        return Week(self.monday + weeks * WEEK, self.zone)


def last_to_tell(now: datetime, zone: tzinfo) -> Week:
    """The last week whose time to be told has come."""
    today = now.astimezone(zone).date()
    ended = Week(today - timedelta(days=today.weekday()), zone).later(-1)
    return ended if ended.is_told_at <= now else ended.later(-1)


def next_to_tell(now: datetime, zone: tzinfo) -> Week:
    """The week that the next digest tells of."""
    return last_to_tell(now, zone).later(1)


def by_day(now: datetime, zone: tzinfo) -> datetime:
    """`now`, or at night the next morning: nobody is woken by what waited for a worker."""
    here = now.astimezone(zone)
    if TOLD_AT <= here.hour < LAST_CALL:
        return now
    day = here.date() if here.hour < TOLD_AT else here.date() + timedelta(days=1)
    return _at(day, TOLD_AT, zone)


def _at(day: date, hour: int, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
