"""How often somebody may write (S01), over the real limits and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.http.limits import limiter
from tests import factories
from tests.support.client import Browser, signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def limited(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The program with its limits on and nothing counted yet, its context pushed."""
    app = make_app(rate_limits=True)
    limiter.reset()
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def path(limited: Flask, clock: time_machine.Traveller) -> str:
    return f"/articles/{factories.make_article().slug}/ask"


def guest(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def ask(browser: Browser, path: str, text: str, **headers: str) -> TestResponse:
    fields = {"body": text, "name": "Bo Berg", "email": "bo@example.com"}
    token = browser.csrf_token()
    return browser.post(path, data={"csrf_token": token, **fields}, headers=headers)


def kept() -> int:
    return db.session.scalar(select(func.count(Comment.id))) or 0


def test_s01_a_guest_waits_five_seconds_between_two_texts(
    limited: Flask, path: str, clock: time_machine.Traveller
) -> None:
    browser = guest(limited)
    assert ask(browser, path, "One?").status_code == 303
    clock.shift(4)

    refused = ask(browser, path, "Two?")

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 5
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert "Two?" in refused.text
    clock.shift(2)
    assert ask(browser, path, "Two?").status_code == 303
    assert kept() == 2


def test_s01_a_guest_writes_twice_a_minute_and_twenty_times_an_hour(
    limited: Flask, path: str, clock: time_machine.Traveller
) -> None:
    """From however many browsers: the network is what counts."""
    statuses = []
    for number in range(6):
        statuses.append(ask(guest(limited), path, f"Text {number}?").status_code)
        clock.shift(10)
    assert statuses == [303, 303, 429, 429, 429, 429]

    clock.shift(timedelta(minutes=2))
    statuses = []
    for number in range(25):
        statuses.append(ask(guest(limited), path, f"Later {number}?").status_code)
        clock.shift(61)
    assert statuses == [303] * 18 + [429] * 7


def test_s01_a_second_click_is_no_second_text(
    limited: Flask, path: str, clock: time_machine.Traveller
) -> None:
    browser = guest(limited)
    page = browser.get(path).text
    ticket = page.split('name="ticket"')[1].split('value="')[1].split('"')[0]
    fields = {"body": "One?", "name": "Bo", "email": "bo@example.com", "ticket": ticket}

    answers = [browser.submit(path, **fields) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [303] * 4
    assert len({answer.location for answer in answers}) == 1
    assert kept() == 1


def test_s02_a_hundred_invented_addresses_share_one_bucket(limited: Flask, path: str) -> None:
    statuses = [
        ask(guest(limited), path, f"Text {number}?", **{"X-Forwarded-For": f"192.0.2.{number}"})
        for number in range(100)
    ]
    assert [answer.status_code for answer in statuses].count(303) == 1


def test_s01_the_desk_decides_as_fast_as_it_can(limited: Flask) -> None:
    moderator = signed_in(limited, factories.make_account(Role.MODERATOR))
    article = factories.make_article()
    for _ in range(40):
        comment = factories.make_comment(article=article, status=Status.PENDING)
        answer = moderator.submit("/moderation/decide", verb="approve", item=f"{comment.id}:1")
        assert answer.status_code == 303


def test_s01_staff_answer_without_a_limit(limited: Flask) -> None:
    article = factories.make_article()
    author = signed_in(limited, article.author)
    for number in range(10):
        question = factories.make_question(article=article)
        answer = author.submit(f"/comments/{question.id}/reply", body=f"Answer {number}.")
        assert answer.status_code == 303


def test_s01_a_new_member_waits_thirty_seconds_between_two_texts(
    limited: Flask, path: str, clock: time_machine.Traveller
) -> None:
    browser = signed_in(limited, factories.make_account(Role.READER))
    assert ask(browser, path, "One?").status_code == 303
    clock.shift(29)
    assert ask(browser, path, "Two?").status_code == 429
    clock.shift(2)
    assert ask(browser, path, "Two?").status_code == 303


def test_s01_a_member_let_in_twice_need_not_wait(
    limited: Flask, path: str, clock: time_machine.Traveller
) -> None:
    member = factories.make_account(Role.READER)
    for _ in range(2):
        factories.make_comment(account=member)
    browser = signed_in(limited, member)
    assert [ask(browser, path, f"Text {number}?").status_code for number in range(3)] == [303] * 3
