"""On which morning gathered mail goes out, by whatever clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines import mornings

ZONES = [
    ZoneInfo(name)
    for name in (
        *("UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Apia"),
        *("America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"),
    )
]
LONGEST = timedelta(days=1, hours=1)
"""A day with the hour that a change of clocks adds."""
moments = st.datetimes(datetime(2012, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(ZONES)


@given(moments, zones, st.booleans())
def test_it_is_seven_there_and_not_long_until_then(
    moment: datetime, zone: ZoneInfo, weekly: bool
) -> None:
    days = 7 if weekly else 1
    found = list(islice(mornings.after(moment, zone, weekly=weekly), 30))
    waited = found[0].at - moment
    assert timedelta(0) < waited <= LONGEST + timedelta(days=days - 1)
    for one in found:
        there = one.at.astimezone(zone)
        assert (there.date(), there.hour, there.minute) == (one.day, 7, 0)
        assert there.weekday() == mornings.MONDAY or not weekly
    assert {b.day - a.day for a, b in pairwise(found)} == {timedelta(days=days)}


@pytest.mark.parametrize(
    ("moment", "zone", "due"),
    [
        ("2026-03-28T12:00Z", "Europe/Berlin", "2026-03-29T05:00Z"),  # clocks went forward
        ("2026-10-24T12:00Z", "Europe/Berlin", "2026-10-25T06:00Z"),  # and back
        ("2026-03-03T06:00Z", "Europe/Berlin", "2026-03-04T06:00Z"),  # at seven itself
        ("2026-03-03T05:59Z", "Europe/Berlin", "2026-03-03T06:00Z"),
        ("2026-03-03T18:30Z", "Pacific/Kiritimati", "2026-03-04T17:00Z"),
        ("2026-03-03T16:30Z", "Pacific/Kiritimati", "2026-03-03T17:00Z"),  # the 4th there
    ],
)
def test_known_mornings(moment: str, zone: str, due: str) -> None:
    found = next(mornings.after(datetime.fromisoformat(moment), ZoneInfo(zone)))
    assert found.at == datetime.fromisoformat(due)


_acts = st.lists(
    st.one_of(
        st.tuples(st.just("news"), st.none()),
        st.tuples(st.just("goes on"), st.integers(1, 40 * 60)),  # minutes
        st.tuples(st.just("goes back"), st.integers(1, 3 * 24 * 60)),
        st.tuples(st.just("moves"), zones),
    ),
    max_size=40,
)


@given(moments, zones, st.booleans(), _acts)
def test_nothing_is_told_twice_or_never_whatever_the_clock_does(
    now: datetime, zone: ZoneInfo, weekly: bool, acts: list[tuple[str, Any]]
) -> None:
    """One mail a date at most, and all news within a day or a week of the reader's own clock once
    that goes on as clocks do."""
    news, waiting, since, told = 0, list[int](), now, Counter[int]()
    due: mornings.Morning | None = None
    sent: list[date] = []
    acts = [*acts, *[("goes on", 24 * 60)] * 400]
    for act, given_ in acts:
        if act == "news":
            news += 1
            waiting.append(news)
            if due is None:
                since, due = now, mornings.first_free(now, zone, sent, weekly=weekly)
        elif act == "moves":
            zone = given_
            due = mornings.first_free(since, zone, sent, weekly=weekly) if due else None
        else:
            now += timedelta(minutes=given_ if act == "goes on" else -given_)
        if due is not None and due.at <= now:
            sent.append(due.day)
            told.update(waiting)
            waiting, due = [], None
    assert told == Counter(range(1, news + 1))
    assert len(set(sent)) == len(sent)
