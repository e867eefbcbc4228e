"""Which backups may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.engines.keeping import outworn

START = datetime(2026, 3, 3, tzinfo=UTC)  # a Tuesday
TIMES = st.lists(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    max_size=60,
)


def daily(count: int, *, times_a_day: int = 1) -> list[datetime]:
    step = timedelta(days=1) / times_a_day
    return [START + number * step for number in range(count * times_a_day)]


def test_a_week_of_days_and_the_last_of_each_week_before_stay() -> None:
    made = daily(60)

    kept = sorted(set(made) - set(outworn(made, daily=7, weekly=4)))

    assert kept[-7:] == made[-7:]
    assert [one.isoweekday() for one in kept[:-7]] == [7, 7]  # the Sundays before those days
    assert len(kept) == 9


def test_of_one_day_only_the_last_stays() -> None:
    made = daily(1, times_a_day=24)

    assert outworn(made, daily=7, weekly=4) == made[:-1]


def test_a_long_pause_takes_nothing_away() -> None:
    old = daily(3)

    assert outworn([*old, START + timedelta(days=400)], daily=7, weekly=4) == []


@given(TIMES, st.integers(1, 20), st.integers(0, 20))
def test_the_newest_stays_and_never_more_than_was_asked_for(
    made: list[datetime], days: int, weeks: int
) -> None:
    gone = outworn(made, daily=days, weekly=weeks)
    kept = set(made) - set(gone)

    assert set(gone) <= set(made)
    assert not made or max(made) in kept
    assert len(kept) <= days + weeks


@given(TIMES, st.integers(1, 20), st.integers(0, 20))
def test_to_ask_again_takes_nothing_more(made: list[datetime], days: int, weeks: int) -> None:
    kept = set(made) - set(outworn(made, daily=days, weekly=weeks))

    assert outworn(kept, daily=days, weekly=weeks) == []
