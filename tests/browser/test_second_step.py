"""The second step in a real browser: an app's code without script, a passkey with a device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from app.domains.accounts.models import Account
from app.infra.db import db
from tests.browser.conftest import PHONE
from tests.browser.people import heading
from tests.factories import PASSWORD, make_account
from tests.support.second_step import Phone
from tests.support.settings import change_settings

ELSEWHERE = "http://elsewhere.localhost"


@pytest.fixture
def named_site(app: Flask, live_server: str) -> str:
    """Passkeys are for a name: the same server by its name in place of its number."""
    address = live_server.replace("127.0.0.1", "localhost")
    change_settings(app, public_url=address)
    return address


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], named_site: str) -> Iterator[Page]:
    context = new_context(base_url=named_site, viewport=PHONE)
    found: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: found.append(error.message))
    yield opened
    assert found == []


def with_device(page: Page) -> tuple[CDPSession, str]:
    """A device that keeps passkeys and whose owner always shows a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, added["authenticatorId"]


def sign_in(page: Page, account: Account) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address or username").fill(account.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_registered_signs_in_is_a_second_step_and_is_removed(
    page: Page, app: Flask, no_violations: Callable[..., None]
) -> None:
    device, name = with_device(page)
    account = make_account()
    sign_in(page, account)
    heading(page, "Your account")
    page.goto("/account/second-step")
    no_violations(page)
    page.get_by_label("What you call this device").fill("Anna's phone")
    page.get_by_role("button", name="Register a passkey").click()
    heading(page, "Your recovery codes")
    no_violations(page)
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have written them down").click()
    expect(page.get_by_text("Anna's phone")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/sign-in?next=/account/sessions")
    page.get_by_role("button", name="Sign in with a passkey").click()
    heading(page, "Where you are signed in")

    page.context.clear_cookies()
    sign_in(page, account)
    heading(page, "One more step")
    no_violations(page)
    page.get_by_role("button", name="Use a passkey").click()
    heading(page, "Your account")

    page.goto("/account/second-step")
    change_settings(app, proof_hours=-1)  # nothing shown before is fresh any more
    page.get_by_role("button", name="Remove Anna's phone").click()
    heading(page, "Is it you?")
    no_violations(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("That passkey is removed.")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That passkey was not accepted.").first).to_be_visible()
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": name})


def test_a_page_of_another_site_gets_no_answer_that_is_good_here(
    page: Page, app: Flask, named_site: str
) -> None:
    """The browser refuses to sign for a name that is not the page's; what it signs for the other
    page's own name is refused here."""
    device, _ = with_device(page)
    account = make_account()
    sign_in(page, account)
    page.goto("/account/second-step")
    page.get_by_label("What you call this device").fill("Phone")
    page.get_by_role("button", name="Register a passkey").click()
    heading(page, "Your recovery codes")
    page.context.clear_cookies()

    page.goto("/sign-in")
    asked = page.evaluate(ASK)
    page.context.route(
        f"{ELSEWHERE}/**", lambda route: route.fulfill(content_type="text/html", body="<p>Hello")
    )
    page.goto(f"{ELSEWHERE}/")
    assert "SecurityError" in page.evaluate(SIGN, {**asked["options"], "rpId": "evil.example"})
    signed = page.evaluate(MAKE_AND_SIGN, {**asked["options"], "rpId": "elsewhere.localhost"})
    assert '"id"' in signed

    page.goto("/sign-in")
    page.evaluate(SEND, signed)
    expect(page.get_by_text("That passkey was not accepted.").first).to_be_visible()
    page.goto("/account/")
    heading(page, "Sign in")
    device.detach()


def test_an_app_is_set_up_and_asked_for_without_script(
    new_context: Callable[..., BrowserContext],
    live_server: str,
    app: Flask,
    clock: Any,
) -> None:
    context = new_context(base_url=live_server, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    account = make_account()
    sign_in(page, account)
    page.goto("/account/second-step")
    page.get_by_role("link", name="Set up an app").click()
    square = page.locator(".square-code")
    box = square.bounding_box()
    assert box is not None
    assert box["width"] == box["height"] > 200
    phone = Phone(page.locator(".key code").inner_text().replace(" ", ""))
    page.get_by_label("Code", exact=True).fill(phone.code())
    page.get_by_role("button", name="Set it up").click()
    heading(page, "Your recovery codes")
    code = page.locator(".codes li").first.inner_text()
    assert re.fullmatch(r"([0-9a-z]{4}-){3}[0-9a-z]{4}", code)

    context.clear_cookies()
    sign_in(page, account)
    heading(page, "One more step")
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That code does not fit").first).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Sign in").click()
    heading(page, "Your account")
    db.session.rollback()


READ = """
  const bytes = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (data) => btoa(String.fromCharCode(...new Uint8Array(data)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
"""
ASK = """async () => {
  const form = document.querySelector("[data-passkey]");
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.ask, { method: "POST", body });
  return { options: await answer.json() };
}"""
SIGN = f"""async (options) => {{{READ}
  const publicKey = {{ ...options, challenge: bytes(options.challenge), allowCredentials: [] }};
  try {{ await navigator.credentials.get({{ publicKey }}); return "signed"; }}
  catch (wrong) {{ return wrong.name; }}
}}"""
MAKE_AND_SIGN = f"""async (options) => {{{READ}
  const challenge = bytes(options.challenge);
  await navigator.credentials.create({{ publicKey: {{
    challenge, rp: {{ id: options.rpId, name: "Elsewhere" }},
    user: {{ id: bytes("AAAA"), name: "a", displayName: "a" }},
    pubKeyCredParams: [{{ type: "public-key", alg: -7 }}],
    authenticatorSelection: {{ residentKey: "required", userVerification: "required" }},
  }} }});
  const asked = {{ challenge, rpId: options.rpId }};
  const made = await navigator.credentials.get({{ publicKey: asked }});
  return JSON.stringify({{
    id: made.id, rawId: text(made.rawId), type: made.type,
    response: {{
      clientDataJSON: text(made.response.clientDataJSON),
      authenticatorData: text(made.response.authenticatorData),
      signature: text(made.response.signature),
    }},
  }});
}}"""
SEND = """(answer) => {
  const form = document.querySelector("[data-passkey]");
  form.elements.answer.value = answer;
  form.submit();
}"""
