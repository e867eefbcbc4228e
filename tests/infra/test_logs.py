"""I07: one event is one line whatever a stranger typed, and no line opens a door."""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.infra import logs
from app.infra.log_lines import LONGEST_LINE

SECRET = "the site's very own secret, 32 characters and more"
SETTINGS = Settings(
    mode="production",
    secret_key=SECRET,
    smtp_password="a word of its own",
    database_url="postgresql://me:pass-of-the-database@db/site",
    metrics_token="the-token-of-prometheus",
)
DEMO = replace(SETTINGS, mode="demo")
HOSTILE = [
    "Ines\r\nERROR everything is lost",
    "Ines\n12:00:00 the site was opened",
    "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "a\u2028b\u2029c\x85d\x0be\x0cf",
    "\u202etxet",
    '", "level": "critical", "x": "',
    "%s %d %(name)s {0} {name}",
    "\x00\x7f\x9b31m",
    "\ud800",
    "n" * 1_000_000,
]
DOORS = {
    "a private page": "/asked/7/0123456789abcdef0123456789abcdef01234567",
    "a proof": "/prove/7/65f1c2aa-0123456789abcdef0123456789abcdef01234567",
    "a session's secret": "VGhpcyBpcyBhIHNlc3Npb24gc2VjcmV0IG9mIDQzLXh5",
    "a cookie": "eyJhIjoxfQ.aSIvTg.HkqJ2mV4xYb9c0dLw7TzRf3uQe8",
    "the secret": f"signed with {SECRET}!",
    "a password": "connection to postgresql://me:pass-of-the-database@db/site failed",
    "that password alone": "FATAL: pass-of-the-database is wrong",
    "the mail server's": "535 a word of its own",
    "a bearer": "Authorization: Bearer the-token-of-prometheus",
}


def line(text: str, *args: object, settings: Settings = SETTINGS, **facts: Any) -> str:
    record = logging.LogRecord("app.tests", logging.WARNING, __file__, 1, text, args, None)
    if facts:
        record.facts = facts
    return logs.formatter(settings).format(record)


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda text: ascii(text[:12]))
@pytest.mark.parametrize("settings", [SETTINGS, DEMO], ids=["json", "text"])
def test_i07_one_event_is_one_line(typed: str, settings: Settings) -> None:
    for written in (
        line("a name: %s", typed, settings=settings),
        line("a name", settings=settings, name=typed, names=[typed], more={"name": typed}),
        line(typed, settings=settings),
    ):
        assert len(written.splitlines()) == 1
        assert "\x1b" not in written
        assert "\u202e" not in written
        assert len(written) <= LONGEST_LINE


@given(st.text(max_size=200), st.dictionaries(st.text(max_size=10), st.text(max_size=50)))
def test_i07_every_line_of_json_can_be_read_back(text: str, facts: dict[str, str]) -> None:
    written = line("%s", text, more=facts)

    assert written.isascii()
    assert len(written.splitlines()) == 1
    assert json.loads(written)["level"] == "warning"


def test_a_line_of_json_says_when_how_grave_where_and_what() -> None:
    told = json.loads(line("the %s", "event", ms=12.5, found=[1, "two"]))

    assert told.pop("at").endswith("Z")
    assert told == {
        "level": "warning",
        "logger": "app.tests",
        "event": "the event",
        "ms": 12.5,
        "found": [1, "two"],
    }


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("settings", [SETTINGS, DEMO], ids=["json", "text"])
def test_i07_no_password_token_or_private_link_stands_in_a_line(
    door: str, settings: Settings
) -> None:
    opening = DOORS[door].split("/")[-1].split(" ")[-1]
    for written in (
        line("fault on GET %s", DOORS[door], settings=settings),
        line("request", settings=settings, path=DOORS[door]),
    ):
        assert "[hidden]" in written
        assert "pass-of-the-database" not in written
        assert "0123456789abcdef" not in written
        assert "the-token-of-prometheus" not in written
        assert SECRET not in written
        assert len(opening) < 20 or opening not in written


@pytest.mark.parametrize("name", ["password", "smtp_password", "csrf_token", "Cookie", "api_key"])
def test_i07_what_is_named_a_secret_is_hidden_whatever_it_is(name: str) -> None:
    assert json.loads(line("form", **{name: "abc"}))[name] == "[hidden]"


def test_the_name_of_a_request_stays_though_a_proxys_looks_like_a_key() -> None:
    name = "67bd7df3512299cdb9003eee03720d02"

    assert json.loads(line("request", request_id=name))["request_id"] == name
    assert json.loads(line("request", path=f"/asked/7/{name}"))["path"] == "/asked/7/[hidden]"


def test_words_that_only_look_long_stay() -> None:
    slug = "/articles/why-your-hip-clicks-and-what-to-do-about-it-in-the-morning"

    assert json.loads(line("request", path=slug))["path"] == slug


@pytest.mark.parametrize("settings", [SETTINGS, DEMO], ids=["json", "text"])
def test_i07_a_trace_bears_no_secret(settings: Settings) -> None:
    try:
        raise ValueError(DOORS["a password"], DOORS["a private page"])
    except ValueError as wrong:
        record = logging.LogRecord(
            "app", logging.ERROR, __file__, 1, "fault", (), (type(wrong), wrong, None)
        )
    written = logs.formatter(settings).format(record)

    assert "ValueError" in written
    assert "pass-of-the-database" not in written
    assert "0123456789abcdef" not in written


def test_i07_a_trace_begins_no_line_that_looks_like_an_event() -> None:
    """A fault may repeat what somebody sent, line breaks included."""
    try:
        raise ValueError("no such field: a\n12:00:00 admin signed in\u202812:00:01 all is well")
    except ValueError as wrong:
        record = logging.LogRecord(
            "app", logging.ERROR, __file__, 1, "fault", (), (type(wrong), wrong, None)
        )
    written = logs.formatter(DEMO).format(record)

    assert [one for one in written.splitlines() if re.match(r"\d\d:\d\d:\d\d ", one)] == [
        written.splitlines()[0]
    ]
    assert "admin signed in" in written


def test_what_is_bound_stands_in_every_line_until_it_is_unbound() -> None:
    logs.bind(request_id="abcdefgh", job_id=7)
    bound = json.loads(line("one"))
    logs.unbind()
    free = json.loads(line("two"))

    assert (bound["request_id"], bound["job_id"]) == ("abcdefgh", 7)
    assert "request_id" not in free


def test_the_demo_shows_a_mail_as_it_is_but_for_what_moves_a_terminal() -> None:
    letter = "mail to a@example.com\n\x1b[2JHello\n/asked/7/" + "a" * 40
    record = logging.LogRecord("app", logging.INFO, __file__, 1, letter, (), None)
    record.is_letter = True

    assert logs.formatter(DEMO).format(record).splitlines()[1:] == [
        "\\x1b[2JHello",
        "/asked/7/" + "a" * 40,
    ]


@pytest.mark.parametrize(
    ("mode", "wanted", "is_json"),
    [("production", "auto", True), ("demo", "auto", False), ("demo", "json", True)],
)
def test_production_speaks_json_and_the_demo_speaks_to_people(
    mode: str, wanted: str, is_json: bool
) -> None:
    assert logs.is_json(replace(SETTINGS, mode=mode, log_format=wanted)) is is_json


def test_r05_a_line_that_cannot_be_written_fails_nothing_but_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The log may stand on the disk that is full."""
    said = logging.LogRecord("app.tests", logging.WARNING, __file__, 1, "full", (), None)
    handler = logs._ToTheScreen()
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr("sys.stdout", full)
        monkeypatch.setattr("sys.stderr", full)
        with pytest.raises(OSError, match="No space left"):
            full.write("x" * 100_000)
        handler.handle(said)
        monkeypatch.undo()
        with suppress(OSError):  # what is left in its buffer has no place either
            full.close()
