"""Which week a digest tells of, by clocks everywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.weekly.weeks import LAST_CALL, TOLD_AT, Week, by_day, last_to_tell, next_to_tell

BERLIN, TOKYO, ANGELES = map(ZoneInfo, ("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"))
ZONES = st.sampled_from([UTC, BERLIN, TOKYO, ANGELES, ZoneInfo("Pacific/Apia")])
MOMENTS = st.integers(1_300_000_000, 2_200_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-03-02T06:59+00:00", UTC, date(2026, 2, 16)),
        ("2026-03-02T07:00+00:00", UTC, date(2026, 2, 23)),
        ("2026-03-01T22:00+00:00", TOKYO, date(2026, 2, 23)),  # 7 o'clock on Monday there
        ("2026-03-02T14:59+00:00", ANGELES, date(2026, 2, 16)),  # a minute before it there
    ],
)
def test_a_week_is_told_on_monday_morning_where_its_reader_is(
    now: str, zone: ZoneInfo, monday: date
) -> None:
    assert last_to_tell(datetime.fromisoformat(now), zone).monday == monday


def test_a_week_in_which_the_clocks_change_is_an_hour_shorter() -> None:
    week = Week(date(2026, 3, 23), BERLIN)
    assert week.ends - week.begins == timedelta(days=7) - timedelta(hours=1)
    assert week.sunday == date(2026, 3, 29)


@given(MOMENTS, ZONES)
def test_the_week_to_tell_is_the_last_whose_time_has_come(now: datetime, zone: ZoneInfo) -> None:
    week, following = last_to_tell(now, zone), next_to_tell(now, zone)
    assert week.is_told_at <= now < following.is_told_at
    assert week.ends == following.begins
    assert week.monday.weekday() == 0


@given(MOMENTS, ZONES)
def test_nothing_is_sent_at_night_and_nothing_waits_longer_than_that(
    now: datetime, zone: ZoneInfo
) -> None:
    at = by_day(now, zone)
    assert TOLD_AT <= at.astimezone(zone).hour < LAST_CALL
    assert timedelta(0) <= at - now <= timedelta(hours=12)
