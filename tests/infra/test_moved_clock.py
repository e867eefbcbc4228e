"""A clock that goes back, or is some seconds ahead on another machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, session
from flask.testing import FlaskClient

from app.infra.http.limits import limiter

pytestmark = pytest.mark.one_database

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
Maker = Callable[..., Flask]


@pytest.fixture
def client(make_app: Maker) -> FlaskClient:
    app = make_app(rate_limits=True)
    limiter.reset()

    def remember() -> str:
        session.permanent = True
        session["said"] = "hello"
        return "kept"

    app.add_url_rule("/bench/remember", "remember", remember)
    app.add_url_rule("/bench/said", "said", lambda: session.get("said", "nothing"))
    app.add_url_rule("/bench/seldom", "seldom", limiter.limit("1 per minute")(lambda: "taken"))
    return app.test_client()


@pytest.mark.parametrize("ahead", [timedelta(seconds=5), timedelta(hours=1)])
def test_r15_a_session_from_a_clock_that_is_ahead_holds(
    client: FlaskClient, ahead: timedelta
) -> None:
    with time_machine.travel(NOON + ahead):
        client.get("/bench/remember")

    with time_machine.travel(NOON):
        assert client.get("/bench/said").text == "hello"


def test_r15_a_session_that_is_over_is_over_still(client: FlaskClient) -> None:
    with time_machine.travel(NOON):
        client.get("/bench/remember")
        (cookie,) = client._cookies.values()

    with time_machine.travel(NOON + timedelta(days=31)):
        client.set_cookie(cookie.key, cookie.value)
        assert client.get("/bench/said").text == "nothing"


def test_r15_nobody_stays_limited_by_a_future_that_is_over(client: FlaskClient) -> None:
    with time_machine.travel(NOON + timedelta(days=1)):
        assert [client.get("/bench/seldom").status_code for _ in range(2)] == [200, 429]

    with time_machine.travel(NOON):
        assert [client.get("/bench/seldom").status_code for _ in range(2)] == [200, 429]


def test_r15_where_nothing_is_limited_the_clock_may_go_back(make_app: Maker) -> None:
    with time_machine.travel(NOON):
        client = make_app(rate_limits=False).test_client()
        assert client.get("/sign-in").status_code == 200

    with time_machine.travel(NOON - timedelta(hours=1)):
        assert client.get("/sign-in").status_code == 200
