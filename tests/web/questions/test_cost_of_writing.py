"""What a post and a decision ask the database while somebody waits, however long the thread is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from tests import factories
from tests.support.client import Browser, signed_in
from tests.support.queries import count_queries

ASK = 10
"""One for the article, one for whether what each process knows by heart still stands, two for a new
address, three for the checks, and three to write the text, its traces and its event."""
KEYED = 3
"""To look for it and to keep it; and at one key of eight, by chance, to forget old ones."""
REPLY_MORE = 1
DECIDE = 13
ON_POSTGRESQL = 6
"""Turns to be taken there; SQLite has one for all."""
TEXT = "It got better when I walked more, and the stairs do not trouble me any longer."


@pytest.fixture
def program(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """As it is served: what nobody waits for is a worker's."""
    app = make_app()
    with app.app_context():
        yield app


def most(least: int, database_kind: str) -> int:
    return least + (ON_POSTGRESQL if database_kind == "postgresql" else 0)


def in_a_thread_of(length: int) -> Comment:
    article = factories.make_article()
    top = factories.make_comment(article=article)
    for _ in range(length):
        factories.make_comment(parent=top)
    return top


@pytest.mark.parametrize("length", [0, 60])
def test_a_post_asks_the_same_whatever_stands_there(
    program: Flask, database_kind: str, length: int
) -> None:
    path = f"/articles/{in_a_thread_of(length).article.slug}/ask"
    browser = program.test_client()
    assert isinstance(browser, Browser)
    guest = {"csrf_token": browser.csrf_token(), "name": "Bo", "kind": "comment"}
    browser.post(path, data={**guest, "body": f"{TEXT} Warm.", "email": "a@example.com"})

    with count_queries() as counted:
        sent = browser.post(
            path,
            data={**guest, "body": f"{TEXT} Cold.", "email": "b@example.com"},
            headers={"Idempotency-Key": "one"},
        )

    assert sent.status_code == 303
    assert counted.total <= most(ASK + KEYED, database_kind), counted


@pytest.mark.parametrize("length", [0, 60])
def test_a_reply_asks_the_same_whatever_stands_there(
    program: Flask, database_kind: str, length: int
) -> None:
    path = f"/comments/{in_a_thread_of(length).id}/reply"
    browser = program.test_client()
    assert isinstance(browser, Browser)
    guest = {"csrf_token": browser.csrf_token(), "name": "Bo", "kind": "comment"}
    browser.post(path, data={**guest, "body": f"{TEXT} Warm.", "email": "a@example.com"})

    with count_queries() as counted:
        sent = browser.post(path, data={**guest, "body": TEXT, "email": "b@example.com"})

    assert sent.status_code == 303
    assert counted.total <= most(ASK + REPLY_MORE, database_kind), counted


@pytest.mark.parametrize("length", [0, 60])
@pytest.mark.parametrize("verb", ["approve", "reject", "spam"])
def test_a_decision_asks_the_same_whatever_stands_there(
    program: Flask, database_kind: str, length: int, verb: str
) -> None:
    top = in_a_thread_of(length)
    waiting = [factories.make_question(parent=top, status=Status.PENDING) for _ in range(2)]
    items = [f"{one.id}:{one.version}" for one in waiting]
    desk = signed_in(program, factories.make_account(Role.MODERATOR))
    fields = {"csrf_token": desk.csrf_token(), "verb": verb}
    desk.post("/moderation/decide", data={**fields, "item": items[0]})

    with count_queries() as counted:
        decided = desk.post("/moderation/decide", data={**fields, "item": items[1]})

    assert decided.status_code == 303
    assert counted.total <= most(DECIDE, database_kind), counted
    states = set(db.session.scalars(select(Comment.status).where(Comment.parent_id == top.id)))
    assert Status.PENDING not in states
