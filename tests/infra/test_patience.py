"""How long a request waits for PostgreSQL, through a proxy that swallows what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import text

from app.infra import patience
from app.infra.db import db
from benchmarks.faults.clusters import END_ALL, ask, before_database
from benchmarks.faults.proxy import Proxy

pytestmark = pytest.mark.one_database("postgresql")  # SQLite is a file and has no server
Maker = Callable[..., Flask]


@pytest.fixture
def proxy(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the test's database, and the URL through it; with little patience."""
    monkeypatch.setattr(patience, "SECONDS", 0.3)
    monkeypatch.setattr(patience, "SHORT_SECONDS", 0.1)
    url = db.engine.url.render_as_string(hide_password=False)
    with before_database(url) as found:
        yield found
    patience.forget()


@pytest.fixture
def led(make_app: Maker, proxy: tuple[Proxy, str]) -> Iterator[Flask]:
    made = make_app(database_url=proxy[1])
    made.add_url_rule("/bench/ask", "ask", lambda: str(db.session.scalar(text("SELECT 1"))))
    made.add_url_rule("/bench/slow", "slow", lambda: str(db.session.scalar(text(SLOW))))
    yield made
    with made.app_context():
        db.engine.dispose()


SLOW = "SELECT 2 FROM pg_sleep(0.2)"


def test_r07_a_silent_database_is_a_503_soon_and_well_when_it_answers_again(
    led: Flask, proxy: tuple[Proxy, str]
) -> None:
    client = led.test_client()
    assert client.get("/bench/ask").text == "1"

    proxy[0].swallows = True
    began = monotonic()
    answer = client.get("/bench/ask")

    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text
    assert monotonic() - began < 10
    proxy[0].heal()
    assert client.get("/bench/ask").text == "1"


def test_r07_after_silence_requests_wait_shortly_until_one_is_answered(
    led: Flask, proxy: tuple[Proxy, str]
) -> None:
    client = led.test_client()
    assert client.get("/bench/slow").text == "2"
    proxy[0].swallows = True
    assert client.get("/bench/ask").status_code == 503
    proxy[0].heal()

    assert client.get("/bench/slow").status_code == 503
    assert client.get("/bench/ask").text == "1"
    assert client.get("/bench/slow").text == "2"


def test_r07_whoever_asks_outside_of_a_request_waits_as_long_as_it_takes(
    led: Flask, proxy: tuple[Proxy, str]
) -> None:
    with led.app_context():
        proxy[0].latency = 0.5
        assert db.session.scalar(text("SELECT 3")) == 3
        db.session.remove()


def test_r07_what_cannot_be_written_just_now_is_a_503(make_app: Maker, app: Flask) -> None:
    def write() -> str:
        db.session.execute(text("SET TRANSACTION READ ONLY"))
        db.session.execute(text("DELETE FROM page_mark"))
        return "written"

    made = make_app(database_url=app.extensions["settings"].database_url)
    made.add_url_rule("/bench/write", "write", write)

    answer = made.test_client().get("/bench/write")

    assert answer.status_code == 503
    assert "Nothing was saved" in answer.text


def test_r06_a_connection_that_is_gone_at_the_end_costs_no_answer(
    make_app: Maker, app: Flask
) -> None:
    url = db.engine.url.render_as_string(hide_password=False)

    def ask_and_lose() -> str:
        found = db.session.scalar(text("SELECT 'found'"))
        ask(url, END_ALL)
        return str(found)

    made = make_app(database_url=app.extensions["settings"].database_url)
    made.add_url_rule("/bench/lose", "lose", ask_and_lose)
    client = made.test_client()

    assert client.get("/bench/lose").text == "found"
    assert client.get("/bench/lose").text == "found"
