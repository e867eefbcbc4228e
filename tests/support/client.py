"""A reader's or a moderator's browser, as far as Flask's test client can be one."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from secrets import token_hex
from typing import Any, TypeVar

from flask import Flask, has_app_context, session
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.web.accounts.session import enter

Result = TypeVar("Result")


class Browser(FlaskClient):
    """Each request runs in a context of its own, as in a server, so that nothing of the test's
    context (its database session, who is signed in) shines through. What the test wrote before is
    committed first; what the request wrote is seen by the test afterwards."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return elsewhere(super().open, *args, **kwargs)

    def csrf_token(self) -> str:
        """The token that a form of this browser carries, signed as Flask-WTF signs it: asking it
        takes a request more, and the tests send ten thousand forms."""
        with self.session_transaction() as stored:
            secret = stored.setdefault("csrf_token", token_hex(20))
        secrets = self.application.config["WTF_CSRF_SECRET_KEY"]
        signer = URLSafeTimedSerializer(secrets, salt="wtf-csrf-token")
        return str(signer.dumps(secret))

    def submit(self, path: str, **fields: Any) -> TestResponse:
        """POST a form as a page would: the fields and the token."""
        return self.post(path, data={"csrf_token": self.csrf_token(), **fields})


def elsewhere(act: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
    """Run an act as another thread of the server would: outside of the test's context, on what the
    test has committed, and seen by the test when it is over."""
    if not has_app_context():
        return act(*args, **kwargs)
    db.session.commit()
    try:
        return Context().run(act, *args, **kwargs)
    finally:
        db.session.rollback()


def signed_in(app: Flask, account: Account) -> Browser:
    """A new browser with this account's session in it, begun as the sign-in page begins one.

    It skips the page and the password, which would cost each test a hash; those have tests of
    their own."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    begun = elsewhere(_begin_session, app, account.id)
    with browser.session_transaction() as stored:
        stored.update(begun)
    return browser


def _begin_session(app: Flask, account_id: int) -> dict[str, Any]:
    with app.test_request_context():
        with unit_of_work():
            enter(db.session.get_one(Account, account_id))
        return dict(session)
