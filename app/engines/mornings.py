"""The morning on which mail goes out that was gathered for a day or a week, by its reader's clock.
Facts in, values out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

HOUR = 7
MONDAY = 0
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Morning:
    """`day` is the date there, `at` the moment of the hour."""

    day: date
    at: datetime


def after(moment: datetime, zone: tzinfo, *, weekly: bool = False) -> Iterator[Morning]:
    """All mornings, or those of Mondays, that come later than this moment, in their order."""
    day = moment.astimezone(zone).date()
    if weekly:
        day += timedelta(days=(MONDAY - day.weekday()) % 7)
    while True:
        at = datetime(day.year, day.month, day.day, HOUR, tzinfo=zone).astimezone(UTC)
        if at > moment:
            yield Morning(day, at)
        day += WEEK if weekly else DAY


def first_free(
    moment: datetime, zone: tzinfo, taken: Collection[date], *, weekly: bool = False
) -> Morning:
    """The first of them whose date is not among those that a mail has gone out on: so nobody gets
    two on one day, whether they went west or their server's clock went back."""
    return next(one for one in after(moment, zone, weekly=weekly) if one.day not in taken)
