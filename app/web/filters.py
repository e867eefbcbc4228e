"""What templates may ask for: dates and counted things in words, first words, our own files."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup

from app.config import Settings
from app.domains.answers import recheck_reasons
from app.engines.text.excerpt import excerpt
from app.infra import clock, days, language
from app.infra.language import _, grouped, ngettext, pair, sentence, tenths
from app.infra.saying import show
from app.web import assets

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
STEPS = (
    (MINUTE, pair("%(num)s minute ago", "%(num)s minutes ago")),
    (HOUR, pair("%(num)s hour ago", "%(num)s hours ago")),
    (DAY, pair("%(num)s day ago", "%(num)s days ago")),
    (7 * DAY, pair("%(num)s week ago", "%(num)s weeks ago")),
    (30 * DAY, pair("%(num)s month ago", "%(num)s months ago")),
    (365 * DAY, pair("%(num)s year ago", "%(num)s years ago")),
)
STEPS_AHEAD = (
    pair("in %(num)s minute", "in %(num)s minutes"),
    pair("in %(num)s hour", "in %(num)s hours"),
    pair("in %(num)s day", "in %(num)s days"),
    pair("in %(num)s week", "in %(num)s weeks"),
    pair("in %(num)s month", "in %(num)s months"),
    pair("in %(num)s year", "in %(num)s years"),
)
_LENGTHS = [length for length, _words in STEPS]
SHORT_STEPS = (
    (MINUTE, sentence("%(num)s min")),
    (HOUR, sentence("%(num)s h")),
    (DAY, sentence("%(num)s d")),
    (30 * DAY, sentence("%(num)s mo")),
    (365 * DAY, sentence("%(num)s y")),
)


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long before `now` (the clock's, when left out) in words: "5 minutes ago", "in 2 days".

    Less than a minute either way is "just now": two servers' clocks never agree to the second.
    """
    seconds = int(((now or clock.now()) - moment).total_seconds())
    size = abs(seconds)
    if size < MINUTE:
        return _("just now")
    if DAY <= seconds < 2 * DAY:
        return _("yesterday")
    step = bisect_right(_LENGTHS, size) - 1
    length, words = STEPS[step]
    return ngettext(*(words if seconds > 0 else STEPS_AHEAD[step]), size // length)


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
        return _("now")
    length, short = next(step for step in reversed(SHORT_STEPS) if seconds >= step[0])
    return str(short) % {"num": seconds // length}


def day(moment: date) -> str:
    """The day, of a moment in the zone that is told in: "7 March 2024"."""
    at = _there(moment) if isinstance(moment, datetime) else moment
    return days.named(at.year, at.month, at.day)


def exactly(moment: datetime) -> str:
    """The day and the minute there, as a person reads them: "7 March 2024, 09:05 UTC"."""
    return _exactly(_there(moment))


def _exactly(at: datetime) -> str:
    named, minute = days.named(at.year, at.month, at.day), f"{at.hour:02}:{at.minute:02}"
    return _("%(day)s, %(time)s", day=named, time=f"{minute} {at.tzname()}")


def _there(moment: datetime) -> datetime:
    zone = language.current().zone
    return moment.astimezone(UTC if zone == language.UTC else ZoneInfo(zone))


def month_and_year(first: date) -> str:
    """A month by its name: "March 2024"."""
    tag = language.current().language.tag
    if tag == language.ENGLISH:
        return f"{days.MONTHS[first.month - 1]} {first.year}"
    from babel.dates import format_skeleton  # noqa: PLC0415  (likewise)

    return format_skeleton("yMMMM", datetime(first.year, first.month, 1, tzinfo=UTC), locale=tag)


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
    written = f"{at.year:04}-{at.month:02}-{at.day:02}T{at.hour:02}:{at.minute:02}:{at.second:02}Z"
    there = _there(moment)
    words = words or days.named(there.year, there.month, there.day)
    element = f'<time datetime="{written}" title="{_exactly(there)}">{words}</time>'
    return Markup(element)  # noqa: S704


def counted(number: int, one: str, many: str | None = None, most: int | None = None) -> str:
    """ "1 reply", "1,204 replies"; `many` is `one` with an s when left out. Of what was counted no
    further than `most`, "More than 2,000 replies"."""
    if most is not None and number > most:
        return f"More than {counted(most, one, many)}"
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


KIND_NAMES = {
    "answer": sentence("Answer"),
    "article": sentence("Article"),
    "card": sentence("Answer"),
    "exercise": sentence("Exercise"),
    "page": sentence("Page"),
    "question": sentence("Question"),
    "resource": sentence("Resource"),
    "video": sentence("Video"),
}


def kind_name(kind: str) -> str:
    """A kind of thing that a link leads to, as it stands before the link."""
    return KIND_NAMES.get(kind) or kind.capitalize()


def recheck_reason(kept: str) -> Markup:
    """Why an answer must be looked at again, by what is kept of it."""
    return show(recheck_reasons.said(kept))


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
        grouped=grouped,
        tenths=tenths,
        said=show,
        recheck_reason=recheck_reason,
        kind_name=kind_name,
        month_and_year=month_and_year,
        excerpt=excerpt,
    )
    app.jinja_env.globals.update(asset=assets.install(app), settings=settings)
