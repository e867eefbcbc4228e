"""Forms of this site and of others, as a real browser sends them (C01)."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, url_for
from playwright.sync_api import Page, expect

from app.domains.comments.states import Status
from app.infra import tokens
from app.infra.db import db
from tests import factories
from tests.support.client import Browser

ELSEWHERE = "http://127.0.0.1:54321"


def test_c01_a_form_on_another_site_does_nothing_here(
    page_as: Callable[..., Page], live_server: str, faults: list[str]
) -> None:
    """Two ports of one host are one site to the browser: the session cookie does come along."""
    page = page_as(factories.make_account())
    page.context.route(
        f"{ELSEWHERE}/**",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{live_server}/sign-out"><button>Win</button></form>',
        ),
    )

    page.goto(f"{ELSEWHERE}/")
    with page.expect_navigation() as landing:
        page.get_by_role("button", name="Win").click()

    assert landing.value is not None
    assert landing.value.status == 403
    assert faults == [f"a request to {ELSEWHERE}/"]
    faults.clear()
    page.goto("/account/")
    expect(page).to_have_url(f"{live_server}/account/")


def test_a_private_pages_own_form_is_not_taken_for_another_sites(
    app: Flask, phone: Page, client: Browser
) -> None:
    """A page that sends no Referer at all would send `Origin: null` with its own forms."""
    comment = factories.make_question(status=Status.PENDING)
    key = tokens.private_key("asked", comment.id, comment.nonce)
    with app.test_request_context():
        path = url_for("questions.status", comment_id=comment.id, key=key)
    phone.on("dialog", lambda dialog: dialog.accept())

    phone.goto(path)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Take it back").click()

    expect(phone.get_by_role("heading", level=1)).to_have_text("You took this text back")
    db.session.rollback()
    assert comment.status == Status.WITHDRAWN
