"""Which of many backups to keep: the last of each day for some days, and of each week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

Key = TypeVar("Key")


def outworn(made: Iterable[datetime], *, daily: int, weekly: int) -> list[datetime]:
    """Those that may go, the oldest first. The newest of all always stays; days and weeks without
    a backup do not count, so that a pause of a month takes nothing away."""
    newest_first = sorted(set(made), reverse=True)
    kept = set(newest_first[:1])
    kept |= _last_of_each(newest_first, [one.date() for one in newest_first], daily)
    kept |= _last_of_each(newest_first, [one.isocalendar()[:2] for one in newest_first], weekly)
    return [one for one in reversed(newest_first) if one not in kept]


def _last_of_each(
    newest_first: list[datetime], periods: Iterable[Key], count: int
) -> set[datetime]:
    last: dict[Key, datetime] = {}
    for one, period in zip(newest_first, periods, strict=True):
        if period not in last and len(last) < count:
            last[period] = one
    return set(last.values())
