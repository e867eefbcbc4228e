"""Signing in with an OpenID provider in a real browser, there and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests.browser.test_axe import check_every_face
from tests.support.openid import NAME, OpenIdServer


@pytest.fixture
def openid(app: Flask, live_server: str) -> Iterator[OpenIdServer]:
    server = OpenIdServer()
    server.serve(app)
    yield server
    server.close()


def test_who_a_provider_knows_makes_an_account_and_comes_in_again(
    openid: OpenIdServer,
    open_page: Callable[..., Page],
    live_server: str,
    no_violations: Callable[..., None],
    faults: list[str],
) -> None:
    """The page between leads on by itself, and the policy lets it."""
    page = open_page(reduced_motion="reduce")
    seen = set()

    def let_in(route: Route) -> None:
        seen.add(urlsplit(route.request.url).path)
        back = live_server + openid.back_from(route.request.url)
        route.fulfill(status=302, headers={"Location": back})

    page.context.route(f"{openid.issuer}/**", let_in)
    page.goto("/sign-in?next=/tags/")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()

    expect(page).to_have_url(f"{live_server}/sign-up/openid")
    expect(page.get_by_label("Your name")).to_have_value("Ada Byron")
    check_every_face(page, no_violations)
    page.get_by_role("button", name="Make an account").click()
    expect(page).to_have_url(f"{live_server}/tags/")
    page.goto("/account/openid")
    expect(page.get_by_role("listitem").filter(has_text=NAME)).to_be_visible()
    check_every_face(page, no_violations)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()

    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    expect(page).to_have_url(f"{live_server}/account/")
    assert seen == {"/authorize"}
    assert all(one.startswith(f"a request to {openid.issuer}/authorize") for one in faults)
    faults.clear()
