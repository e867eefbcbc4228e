"""One guard for a whole blueprint."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask

from app.web.guards import guard
from tests.factories import make_account
from tests.support.client import Browser, signed_in

pytestmark = pytest.mark.one_database


@pytest.fixture
def site(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The program with two more pages that only moderators may open."""
    app = make_app()
    desk = Blueprint("test_desk", __name__, url_prefix="/test-desk")
    guard(desk, lambda account: account.role == "moderator")
    desk.add_url_rule("/", "page", lambda: "secret", methods=["GET", "POST"])
    app.register_blueprint(desk)
    with app.app_context():
        yield app


def browser_of(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


def test_guests_are_sent_to_sign_in_and_from_there_back(site: Flask) -> None:
    answer = browser_of(site).get("/test-desk/?lane=spam")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=/test-desk/?lane%3Dspam"


def test_p01_guests_who_come_to_change_something_get_401(site: Flask) -> None:
    assert browser_of(site).submit("/test-desk/").status_code == 401


def test_p01_the_wrong_role_gets_403(site: Flask) -> None:
    browser = signed_in(site, make_account("author"))
    assert browser.get("/test-desk/").status_code == 403
    assert browser.submit("/test-desk/").status_code == 403


def test_c09_the_right_role_gets_pages_that_no_cache_keeps(site: Flask) -> None:
    browser = signed_in(site, make_account("moderator"))
    page = browser.get("/test-desk/")
    assert page.text == "secret"
    assert page.headers["Cache-Control"] == "no-store"
    assert browser_of(site).get("/test-desk/").headers["Cache-Control"] == "no-store"
