"""What templates may ask for: dates and counted things in words, first words, our own files."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta

from flask import Flask
from markupsafe import Markup

from app.config import Settings
from app.engines.text.excerpt import excerpt
from app.infra import clock
from app.web import assets

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STEPS = (
    (MINUTE, "minute"),
    (HOUR, "hour"),
    (DAY, "day"),
    (7 * DAY, "week"),
    (30 * DAY, "month"),
    (365 * DAY, "year"),
)
_LENGTHS = [length for length, _ in STEPS]
SHORT_STEPS = (
    (MINUTE, "min"),
    (HOUR, "h"),
    (DAY, "d"),
    (30 * DAY, "mo"),
    (365 * DAY, "y"),
)


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long before `now` (the clock's, when left out) in words: "5 minutes ago", "in 2 days".

    Less than a minute either way is "just now": two servers' clocks never agree to the second.
    """
    seconds = int(((now or clock.now()) - moment).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return "just now"
    if DAY <= seconds < 2 * DAY:
        return "yesterday"
    length, unit = STEPS[bisect_right(_LENGTHS, size) - 1]
    words = counted(size // length, unit)
    return f"{words} ago" if seconds > 0 else f"in {words}"


def ago_until(moment: datetime, now: datetime) -> datetime:
    """Until when `ago` says the same as it does now; `now` for what is yet to come."""
    seconds = int((now - moment).total_seconds())
    if seconds < 0:
        return now
    step = bisect_right(_LENGTHS, seconds)
    if step == 0:
        return moment + timedelta(seconds=MINUTE)
    length = _LENGTHS[step - 1]
    then = (seconds // length + 1) * length
    return moment + timedelta(seconds=min([then, *_LENGTHS[step : step + 1]]))


def age(moment: datetime, now: datetime | None = None) -> str:
    """The same for a narrow column: "now", "5 min", "3 h", "9 d", "2 mo", "1 y"."""
    seconds = max(int(((now or clock.now()) - moment).total_seconds()), 0)
    if seconds < MINUTE:
        return "now"
    length, short = next(step for step in reversed(SHORT_STEPS) if seconds >= step[0])
    return f"{seconds // length} {short}"


def day(moment: date) -> str:
    """The day, of a moment in UTC: "7 March 2024"."""
    at = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def exactly(moment: datetime) -> str:
    """The day and the minute in UTC, as a person reads them: "7 March 2024, 09:05 UTC"."""
    return f"{day(moment)}, {moment.astimezone(UTC):%H:%M} UTC"


def iso(moment: datetime) -> str:
    """The moment in UTC for machines, to the second: "2024-03-07T09:05:00Z"."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def time_ago(moment: datetime, now: datetime | None = None) -> Markup:
    """The moment in words as an element that carries the exact time; every word of it is ours."""
    return _element(moment, ago(moment, now))


def time_age(moment: datetime) -> Markup:
    """The same for a narrow column."""
    return _element(moment, age(moment))


def time_day(moment: datetime) -> Markup:
    """The day as such an element."""
    return _element(moment, "")


def _element(moment: datetime, words: str) -> Markup:
    """Without words it says the day."""
    at = moment.astimezone(UTC)
    clock_time = f"{at.hour:02}:{at.minute:02}"
    written = f"{at.year:04}-{at.month:02}-{at.day:02}T{clock_time}:{at.second:02}Z"
    day = f"{at.day} {MONTHS[at.month - 1]} {at.year}"
    element = f'<time datetime="{written}" title="{day}, {clock_time} UTC">{words or day}</time>'
    return Markup(element)  # noqa: S704


def counted(number: int, one: str, many: str | None = None, most: int | None = None) -> str:
    """ "1 reply", "1,204 replies"; `many` is `one` with an s when left out. Of what was counted no
    further than `most`, "More than 2,000 replies"."""
    if most is not None and number > most:
        return f"More than {counted(most, one, many)}"
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def install(app: Flask) -> None:
    """Filters and globals for every template; also serves the files that `asset` points at."""
    settings: Settings = app.extensions["settings"]
    app.jinja_env.filters.update(
        ago=ago,
        age=age,
        day=day,
        exactly=exactly,
        iso=iso,
        time_ago=time_ago,
        time_age=time_age,
        time_day=time_day,
        counted=counted,
        excerpt=excerpt,
    )
    app.jinja_env.globals.update(asset=assets.install(app), settings=settings)
