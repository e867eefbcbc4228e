"""Somebody's app of codes, and the way in through both steps."""

from __future__ import annotations

import html
import re

import pyotp
from werkzeug.test import TestResponse

from app.infra import clock
from tests.factories import PASSWORD
from tests.support.client import Browser

APP = "/account/second-step/app"
STEP = "/sign-in/second"


class Phone:
    """An app that was given a key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def code(self) -> str:
        """What it shows now."""
        return pyotp.TOTP(self._key).at(clock.now())


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def offered(browser: Browser) -> tuple[Phone, dict[str, str]]:
    """An app that was pointed at the page, and the page's hidden field."""
    page = browser.get(APP).text
    found = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return Phone(found[1].replace(" ", "")), {"offer": hidden(page, "offer")}


def set_up(browser: Browser) -> tuple[Phone, list[str]]:
    """Set an app up in a browser that is signed in; the app and the codes on paper."""
    phone, field = offered(browser)
    answer = browser.submit(APP, **field, code=phone.code())
    assert answer.status_code == 200
    return phone, codes_on(answer.text)


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code[^>]*>([0-9a-z-]+)</code>", page)


def first_step(browser: Browser, username: str, **more: str) -> TestResponse:
    return browser.submit("/sign-in", email=username, password=PASSWORD, **more)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200
