"""Answers that are no pages: what a stranger typed stands in them as data and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from tests import factories
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

As = Callable[[Account], Browser]
HOSTILE = "<script>alert(1)</script>"
AS_SCRIPT = {"Accept": "application/json"}


def is_data(answer: TestResponse) -> bool:
    """Whether a browser that opens it runs nothing: named JSON, not to be guessed at, and under a
    policy that would run nothing either."""
    return (
        answer.headers["Content-Type"] == "application/json"
        and answer.headers["X-Content-Type-Options"] == "nosniff"
        and "script-src 'self'" in answer.headers["Content-Security-Policy"]
        and "public" not in answer.headers["Cache-Control"]
        and answer.get_json() is not None
    )


@pytest.mark.parametrize("path", ["/healthz", "/readyz", f"/{HOSTILE}", f"/tags/{HOSTILE}"])
def test_x09_what_a_guest_gets_as_json_is_data(client: Browser, path: str) -> None:
    assert is_data(client.get(path, headers=AS_SCRIPT))


def test_x09_a_refusal_to_a_script_is_data(app: Flask, as_: As) -> None:
    article = factories.make_article(HOSTILE)
    browser = as_(factories.make_account(name=HOSTILE))
    for path in (f"/articles/{article.slug}/ask", "/moderation/decide", "/no-such-place"):
        answer = browser.post(path, data={"body": HOSTILE}, headers=AS_SCRIPT)
        assert answer.status_code >= 400, path
        assert is_data(answer), path


def test_x09_the_desks_answers_to_its_script_are_data(app: Flask, as_: As) -> None:
    browser = as_(factories.make_account(Role.ADMIN, name=HOSTILE))
    text = factories.make_question(HOSTILE, status=Status.PENDING, name=HOSTILE, title=HOSTILE)
    fields = {
        "csrf_token": browser.csrf_token(),
        "item": f"{text.id}:{text.version}",
        "verb": "approve",
    }

    answer = browser.post("/moderation/decide", data=fields, headers=AS_SCRIPT)

    assert answer.status_code == 200
    assert is_data(answer)
