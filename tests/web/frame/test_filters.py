"""Dates in words, and counted things."""

from datetime import UTC, datetime, timedelta

import pytest

from app.web.filters import age, ago, counted, day, exactly, iso

NOW = datetime(2024, 3, 7, 9, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(hours=47), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=7), "1 week ago"),
        (timedelta(days=29), "4 weeks ago"),
        (timedelta(days=30), "1 month ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(days=-3), "in 3 days"),
    ],
)
def test_a_time_is_told_in_the_largest_unit_that_fits(before: timedelta, words: str) -> None:
    assert ago(NOW - before, NOW) == words


def test_r15_a_clock_some_seconds_ahead_is_no_time_in_the_future() -> None:
    assert ago(NOW + timedelta(seconds=50), NOW) == "just now"
    assert age(NOW + timedelta(hours=2), NOW) == "now"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=5), "now"),
        (timedelta(minutes=50), "50 min"),
        (timedelta(hours=20), "20 h"),
        (timedelta(days=29), "29 d"),
        (timedelta(days=40), "1 mo"),
        (timedelta(days=800), "2 y"),
    ],
)
def test_an_age_fits_a_narrow_column(before: timedelta, words: str) -> None:
    assert age(NOW - before, NOW) == words


def test_a_moment_is_told_in_utc_wherever_it_was_measured() -> None:
    moment = datetime.fromisoformat("2024-03-07T00:30:00+02:00")

    assert day(moment) == "6 March 2024"
    assert exactly(moment) == "6 March 2024, 22:30 UTC"
    assert iso(moment) == "2024-03-06T22:30:00Z"


def test_counted_things_agree_with_their_number() -> None:
    assert counted(1, "reply", "replies") == "1 reply"
    assert counted(0, "reply", "replies") == "0 replies"
    assert counted(1204, "text") == "1,204 texts"
