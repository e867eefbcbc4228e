"""The desk in numbers: a page with tables, and its charts as files of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domains.moderation.figures import numbers, spam_numbers
from app.domains.moderation.figures.numbers import BECAME, Window
from app.infra import language
from app.infra.language import _, ngettext, sentence
from app.web.moderation import blueprint, charts
from app.web.moderation.charts import Paper
from app.web.moderation.wording import LANE_LABELS

DAYS = (30, 90)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NO_REASON = sentence("No reason given")
BECAME_LABELS = {
    "let in": sentence("Let in"),
    "refused": sentence("Refused"),
    "spam": sentence("Spam"),
    "taken away": sentence("Taken away"),
    "waiting": sentence("Waiting"),
}
BECAME_COUNTED = {
    "let in": sentence("%(number)s let in"),
    "refused": sentence("%(number)s refused"),
    "spam": sentence("%(number)s spam"),
    "taken away": sentence("%(number)s taken away"),
    "waiting": sentence("%(number)s waiting"),
}
CHARTS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG file brings its few styles itself, and some browsers ask its own policy about them. It is
shown as an image and runs nothing."""


@blueprint.get("/numbers", endpoint="numbers")
def numbers_page() -> ResponseReturnValue:
    window = _window()
    times = numbers.times_to_decision(window)
    days = numbers.by_day(window)
    totals = {name: sum(day[name] for day in days.values()) for name in BECAME}
    return render_template(
        "moderation/numbers.html",
        window=window,
        choices=DAYS,
        now=numbers.waiting_now(),
        decision=numbers.delay_of(times),
        answer=numbers.time_to_answer(window),
        by_week=numbers.delays_by_week(window, times),
        days=days,
        came=sum(sum(day.values()) for day in days.values()),
        totals=totals,
        spam=spam_numbers.spam(window),
        load=numbers.load(window),
        reasons=_reasons(window),
        sample=numbers.SAMPLE,
        in_words=in_words,
        short_day=short_day,
        lane_labels=LANE_LABELS,
        became=BECAME_LABELS,
        counted={
            name: str(words) % {"number": totals[name]} for name, words in BECAME_COUNTED.items()
        },
    )


@blueprint.get("/numbers/<any(days, delays, spam, load, reasons):which>.svg")
def chart(which: str) -> ResponseReturnValue:
    paper = charts.PHONE if request.args.get("on") == "phone" else charts.SCREEN
    answer = Response(CHARTS[which](_window(), paper), mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = CHARTS_POLICY
    return answer


def _window() -> Window:
    return Window(90 if request.args.get("days") == "90" else 30)


def _days(window: Window, paper: Paper) -> str:
    days = numbers.by_day(window)
    series = {str(BECAME_LABELS[name]): [day[name] for day in days.values()] for name in BECAME}
    return charts.stacked([short_day(day) for day in days], series, paper)


def _delays(window: Window, paper: Paper) -> str:
    weeks = numbers.delays_by_week(window, numbers.times_to_decision(window))
    found = weeks.values()
    hours = {
        _("Half within, in hours"): [one.median / HOUR if one else None for one in weeks.values()],
        _("Nine of ten within, in hours"): [one.p90 / HOUR if one else None for one in found],
    }
    return charts.lines([short_day(week) for week in weeks], hours, paper)


def _spam(window: Window, paper: Paper) -> str:
    found = spam_numbers.spam(window)
    kinds = {
        _("Caught"): found.caught,
        _("Let through"): found.let_through,
        _("Caught by mistake"): found.by_mistake,
    }
    weeks = window.weeks
    series = {name: [weekly.get(week, 0) for week in weeks] for name, weekly in kinds.items()}
    return charts.grouped([short_day(week) for week in weeks], series, paper)


def _load(window: Window, paper: Paper) -> str:
    weeks = window.days / 7
    people = [(one.name, round(one.total / weeks, 1)) for one in numbers.load(window)]
    return charts.ranked(_("Decisions a week"), people, paper)


def _reasons_chart(window: Window, paper: Paper) -> str:
    return charts.ranked(_("Texts"), _reasons(window), paper)


CHARTS: Mapping[str, Callable[[Window, Paper], str]] = {
    "days": _days,
    "delays": _delays,
    "spam": _spam,
    "load": _load,
    "reasons": _reasons_chart,
}


def _reasons(window: Window) -> list[tuple[str, float]]:
    return [(str(reason or NO_REASON), count) for reason, count in numbers.reasons(window)]


def short_day(day: date) -> str:
    tag = language.current().language.tag
    if tag == language.ENGLISH:
        return f"{day.day} {day:%b}"
    from babel.dates import format_skeleton  # noqa: PLC0415  (a site in English needs none of it)

    return format_skeleton("MMMd", day, locale=tag)


def in_words(time: timedelta) -> str:
    """ "under a minute", "25 minutes", "3.5 hours", "4.2 days"."""
    if time < timedelta(minutes=1):
        return _("under a minute")
    if time < 2 * HOUR:
        minutes = time // timedelta(minutes=1)
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if time < 2 * DAY:
        return _("%(number)s hours", number=language.tenths(time / HOUR))
    return _("%(number)s days", number=language.tenths(time / DAY))
