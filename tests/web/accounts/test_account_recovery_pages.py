"""A forgotten password, from the form to the mail to the new password."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import time_machine
from flask import Flask

from app.domains.accounts import passwords
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

GOOD = "eleven patient otters in a row"


def link_in(mails: MailServer, to: str) -> str:
    """The path of the link in the newest mail to this address."""
    found = re.search(r"https?://[^/\s]+(/reset-password/\S+)", text_of(mails.to(to)[-1]))
    assert found is not None
    return found[1]


def ask(browser: Browser, deliver: Callable[[], int], email: str = "anna@example.com") -> None:
    assert browser.submit("/forgot-password", email=email).status_code == 303
    deliver()


def test_a_forgotten_password_is_set_anew(
    client: Browser,
    as_: Callable[..., Browser],
    mails: MailServer,
    deliver: Callable[[], int],
) -> None:
    account = make_account(email="anna@example.com")
    elsewhere = as_(account)
    ask(client, deliver)
    path = link_in(mails, "anna@example.com")
    assert client.get(path).status_code == 200
    assert client.submit(path, password=GOOD).headers["Location"] == "/sign-in"
    assert elsewhere.get("/account/").status_code == 302
    answer = client.submit("/sign-in", email="anna@example.com", password=GOOD)
    assert answer.headers["Location"] == "/account/"
    assert client.submit("/sign-in", email="anna@example.com", password=PASSWORD).status_code == 422


def test_a06_guessers_at_the_door_keep_nobody_from_setting_a_new_password(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="anna@example.com")
    ask(client, deliver)
    path = link_in(mails, "anna@example.com")
    door = passwords._STRANGERS
    guessers = [door.acquire(blocking=False) for _ in range(3)]
    try:
        wrong = client.submit("/sign-in", email="anna@example.com", password=PASSWORD)
        answer = client.submit(path, password=GOOD)
    finally:
        door.release(len(guessers))
    assert guessers == [True] * 3
    assert (wrong.status_code, answer.status_code) == (503, 303)
    assert client.submit("/sign-in", email="anna@example.com", password=GOOD).status_code == 302


def test_a11_the_link_works_once_and_says_so(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="anna@example.com")
    ask(client, deliver)
    path = link_in(mails, "anna@example.com")
    client.submit(path, password=GOOD)
    for answer in (client.get(path), client.submit(path, password=GOOD + "!")):
        assert answer.status_code == 410
        assert "used already" in answer.text
        assert 'href="/forgot-password">Ask for a new link' in answer.text


def test_a11_opening_the_link_or_a_refused_form_uses_nothing_up(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="anna@example.com")
    ask(client, deliver)
    path = link_in(mails, "anna@example.com")
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.submit(path, password="password1").status_code == 422
    assert client.submit(path, password=GOOD).status_code == 303


def test_a11_the_link_is_told_to_nobody_and_kept_nowhere(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="anna@example.com")
    ask(client, deliver)
    page = client.get(link_in(mails, "anna@example.com"))
    assert page.headers["Referrer-Policy"] in ("no-referrer", "strict-origin")
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert not re.findall(r'(?:src|href|action)="https?://(?!localhost)', page.text)


@pytest.mark.parametrize("secret", ["x", "0" * 40, "%20", "a" * 3000])
def test_p11_a_made_up_link_is_refused_in_words(client: Browser, secret: str) -> None:
    assert client.get(f"/reset-password/{secret}").status_code == 410


def test_a07_asking_for_a_link_answers_the_same_for_known_and_unknown(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="anna@example.com")
    answers = [
        client.submit("/forgot-password", email=email)
        for email in ("anna@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].text == answers[1].text
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    deliver()
    assert len(mails.messages) == 1


def test_u06_a_look_alike_address_gets_no_link(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="mike@example.com")
    for email in ("m\u0131ke@example.com", "mi\u212ae@example.com"):
        client.submit("/forgot-password", email=email)
    deliver()
    assert mails.messages == []


def test_u06_the_mail_goes_to_the_address_on_record(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="Anna@example.com")
    ask(client, deliver, "ANNA@EXAMPLE.COM")
    assert [message["To"] for message in mails.messages] == ["Anna@example.com"]


@pytest.mark.one_database
def test_a12_the_link_bears_the_configured_host(
    app: Flask, client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    app.extensions["settings"] = replace(
        app.extensions["settings"], public_url="https://questions.example.org"
    )
    make_account(email="anna@example.com")
    token = client.csrf_token()
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    headers["Forwarded"] = "host=evil.example"
    client.post(
        "/forgot-password",
        data={"email": "anna@example.com", "csrf_token": token},
        headers=headers,
    )
    deliver()
    text = mails.messages[0].as_string()
    assert "https://questions.example.org/reset-password/" in text.replace("=\n", "")
    assert "evil.example" not in text


@pytest.mark.one_database
def test_a12_a_hostile_host_is_refused(client: Browser) -> None:
    token = client.csrf_token()
    answer = client.post(
        "/forgot-password",
        data={"email": "anna@example.com", "csrf_token": token},
        headers={"Host": "evil.example"},
    )
    assert answer.status_code == 400


def test_a11_the_link_is_dead_after_an_hour(
    client: Browser,
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
) -> None:
    make_account(email="anna@example.com")
    ask(client, deliver)
    clock.shift(3600)
    assert client.get(link_in(mails, "anna@example.com")).status_code == 410
