"""A real Chromium at the site's own pages.

`CHROMIUM` names the executable; without it Debian's `chromium` and its cousins are looked for.
Where there is none these tests are skipped, or fail when `REQUIRE_BROWSER` is set, as in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, expect

from app.domains.accounts.models import Account
from app.infra.db import db
from app.infra.http.headers import PLAYERS
from tests.browser.accessible import NoViolations
from tests.browser.demo_site import DemoSite, demo_site_in
from tests.support.client import Browser, signed_in

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it would call out at every start
    "--disable-component-update",
    "--disable-sync",
    # No other host has an address: whatever asks for one gets nowhere, and is noted below.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PHONE = {"width": 375, "height": 812}
DESKTOP = {"width": 1440, "height": 900}
STATUS_NOTE = "Failed to load resource"  # what Chromium writes for every 4xx page, wanted or not


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; skips the test, in plain words, where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path:
        return path
    words = "no Chromium here: install it (apt-get install chromium) or name it in CHROMIUM"
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(words, pytrace=False)
    pytest.skip(words)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], chromium: str
) -> dict[str, Any]:
    """pytest-playwright's own, with Debian's browser in place of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(FLAGS)}


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What went wrong in any page: script errors, blocked content, requests to other hosts.

    The test fails at its end unless the list is empty; one that provokes a fault clears it."""
    seen: list[str] = []
    yield seen
    assert seen == []


@pytest.fixture
def open_page(
    new_context: Callable[..., BrowserContext], live_server: str, faults: list[str]
) -> Callable[..., Page]:
    """A page of the live site: `open_page(PHONE, color_scheme="dark", java_script_enabled=False)`.

    Addresses may begin with `/`. Requests to other hosts never leave and count as faults, those to
    the two video players excepted, which are only refused."""

    def open_one(
        viewport: dict[str, int] = DESKTOP, account: Browser | None = None, **options: Any
    ) -> Page:
        context = new_context(base_url=live_server, viewport=viewport, **options)
        return _watched_page(context, live_server, account, faults)

    return open_one


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page(PHONE)


@pytest.fixture
def desktop(open_page: Callable[..., Page]) -> Page:
    return open_page(DESKTOP)


@pytest.fixture
def page_as(
    app: Flask, open_page: Callable[..., Page], as_: Callable[[Account], Browser]
) -> Callable[..., Page]:
    """A page in which an account is signed in: `page_as(moderator, PHONE, color_scheme="dark")`."""

    def open_one(account: Account, viewport: dict[str, int] = DESKTOP, **options: Any) -> Page:
        return open_page(viewport, account=as_(account), **options)

    return open_one


@pytest.fixture
def deliver(deliver: Callable[[], int]) -> Callable[[], int]:
    """Run the jobs that the pages have left behind, none of which an older look at the database
    in this test would see."""

    def run() -> int:
        db.session.rollback()
        return deliver()

    return run


@pytest.fixture(scope="session")
def demo_site(run_folder: Path, worker: str) -> Iterator[DemoSite]:
    """A second site with the demo's content, loaded once for all tests that only read it."""
    with demo_site_in(run_folder, worker) as site:
        yield site


@pytest.fixture
def demo_page(
    new_context: Callable[..., BrowserContext], demo_site: DemoSite, faults: list[str]
) -> Callable[..., Page]:
    """A page of the demo's site, for one of its people or a guest:
    `demo_page("marta", PHONE, color_scheme="dark")`."""

    def open_one(
        username: str | None = None, viewport: dict[str, int] = DESKTOP, **options: Any
    ) -> Page:
        context = new_context(base_url=demo_site.address, viewport=viewport, **options)
        account = None
        if username is not None:
            with demo_site.app.app_context():
                account = signed_in(demo_site.app, demo_site.account(username))
        return _watched_page(context, demo_site.address, account, faults)

    return open_one


@pytest.fixture(scope="session")
def no_violations() -> NoViolations:
    return NoViolations()


def _watched_page(
    context: BrowserContext, address: str, account: Browser | None, faults: list[str]
) -> Page:
    """A page that stays on this site and notes whatever goes wrong in it."""
    context.set_default_timeout(30_000)
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    context.on("request", lambda request: _note_request(request, address, faults))
    if account is not None:
        _hand_over_cookies(account, context, address)
    page = context.new_page()
    page.on("console", lambda message: _note_console(message, faults))
    page.on("pageerror", lambda error: _note_error(error, faults))
    return page


def _note_request(request: Request, address: str, faults: list[str]) -> None:
    own = (f"{address}/", "data:", *PLAYERS.split())
    if not request.url.startswith(own):
        faults.append(f"a request to {request.url}")


def _hand_over_cookies(browser: Browser, context: BrowserContext, live_server: str) -> None:
    name = browser.application.config["SESSION_COOKIE_NAME"]
    cookie = browser.get_cookie(name)
    assert cookie is not None
    context.add_cookies([{"name": name, "value": cookie.value, "url": live_server}])


def _note_console(message: ConsoleMessage, faults: list[str]) -> None:
    if message.type == "error" and not message.text.startswith(STATUS_NOTE):
        faults.append(f"console: {message.text}")


def _note_error(error: Error, faults: list[str]) -> None:
    faults.append(f"script: {error.message}")
