"""Signing up, in and out, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import argon2
import pytest
import time_machine
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts import decoys, passwords, queries
from app.domains.accounts.errors import Crowded
from app.domains.accounts.models import Account, LoginSession, SignInTry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.smtp import MailServer

GOOD = "eleven patient otters in a row"
Enter = Callable[[Account], Browser]


def shown(answer: TestResponse) -> str:
    """The page without what differs from one drawing to the next, and what was typed into it."""
    text = re.sub(r'name="csrf_token"[^>]*>', "", answer.text)
    return re.sub(r'value="[^"]*"', "", text)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def sign_up(browser: Browser, **changes: str) -> TestResponse:
    fields = {"name": "Anna Berg", "email": "anna@example.com", "password": GOOD}
    return browser.submit("/sign-up", **(fields | changes))


@pytest.mark.parametrize("by", ["email", "username"])
def test_one_signs_in_with_an_address_or_a_username(client: Browser, by: str) -> None:
    account = make_account(username="anna", email="anna@example.com")
    login = {"email": "Anna@Example.com", "username": "ANNA"}[by]
    answer = client.submit("/sign-in", email=login, password=PASSWORD)
    assert answer.status_code == 302
    assert is_signed_in(client)
    assert db.session.scalars(select(LoginSession.account_id)).all() == [account.id]


@pytest.mark.parametrize(("stored", "status"), [(PASSWORD, 302), (GOOD, 422)])
def test_a_password_is_looked_at_again_where_its_hash_changed_meanwhile(
    client: Browser, monkeypatch: pytest.MonkeyPatch, stored: str, status: int
) -> None:
    """Two who sign in at once both make an outdated hash anew; or it is a new password."""
    account_id = make_account(username="anna").id
    check = passwords.check

    def outpaced(*args: Any, **more: Any) -> passwords.Check:
        found = check(*args, **more)
        monkeypatch.setattr(passwords, "check", check)
        with unit_of_work():
            anew = passwords.hash_password(stored, cost=1)
            db.session.get_one(Account, account_id).password_hash = anew
        return found

    monkeypatch.setattr(passwords, "check", outpaced)

    assert client.submit("/sign-in", email="anna", password=PASSWORD).status_code == status
    assert is_signed_in(client) == (status == 302)


def test_a01_no_session_from_before_signing_in_is_the_one_after(client: Browser) -> None:
    first, second = make_account(), make_account()
    client.csrf_token()
    with client.session_transaction() as stored:
        token = stored["csrf_token"]
    client.submit("/sign-in", email=first.username, password=PASSWORD)
    with client.session_transaction() as stored:
        before = dict(stored)
    assert before.get("csrf_token") != token
    client.submit("/sign-out")
    client.submit("/sign-in", email=second.username, password=PASSWORD)
    with client.session_transaction() as stored:
        after = dict(stored)
    assert after["_user_id"] != before["_user_id"]
    assert queries.find_session(before["_user_id"]) is None


def test_a01_signing_in_over_a_session_ends_it(client: Browser) -> None:
    account = make_account()
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    with client.session_transaction() as stored:
        before = stored["_user_id"]
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    assert queries.find_session(before) is None
    assert is_signed_in(client)


def test_a01_a_session_that_an_attacker_planted_is_not_taken_over(client: Browser) -> None:
    with client.session_transaction() as stored:
        stored["_user_id"] = "planted"
        stored["seen"] = 10**12
        stored["colour"] = "red"
    client.submit("/sign-in", email=make_account().username, password=PASSWORD)
    with client.session_transaction() as stored:
        assert stored["_user_id"] != "planted"
        assert "colour" not in stored


@pytest.mark.one_database
def test_a02_the_cookie_over_https_is_bound_to_its_host(make_app: Callable[..., Flask]) -> None:
    app = make_app(public_url="https://questions.example.org")
    with app.app_context():
        answer = app.test_client().get("/sign-in", base_url="https://questions.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


@pytest.mark.one_database
def test_a02_no_remember_cookie_is_set(client: Browser) -> None:
    answer = client.submit("/sign-in", email=make_account().username, password=PASSWORD)
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"threshold", "threshold-browser"}


def test_a03_signing_out_ends_copies_of_the_cookie(as_: Enter, client: Browser) -> None:
    browser = as_(make_account())
    with browser.session_transaction() as stored:
        copied = dict(stored)
    browser.submit("/sign-out")
    with client.session_transaction() as stored:
        stored.update(copied)
    assert not is_signed_in(client)
    assert not is_signed_in(browser)


def test_a04_a_session_ends_after_a_fortnight_without_a_request(
    as_: Enter, clock: time_machine.Traveller
) -> None:
    browser = as_(make_account())
    clock.shift(13 * 86_400)
    assert is_signed_in(browser)
    clock.shift(13 * 86_400)
    assert is_signed_in(browser)
    clock.shift(15 * 86_400)
    assert not is_signed_in(browser)


def test_a04_a_session_ends_after_thirty_days_however_busy(
    as_: Enter, clock: time_machine.Traveller
) -> None:
    browser = as_(make_account())
    for _ in range(4):
        clock.shift(7 * 86_400)
        assert is_signed_in(browser)
    clock.shift(3 * 86_400)
    assert not is_signed_in(browser)


def test_a05_the_lock_answers_429_and_a_right_password_in_the_same_words(
    client: Browser, clock: time_machine.Traveller
) -> None:
    account = make_account()
    for _ in range(10):
        answer = client.submit("/sign-in", email=account.username, password="wrong password")
        assert answer.status_code == 422
    wrong = client.submit("/sign-in", email=account.username, password="wrong password")
    right = client.submit("/sign-in", email=account.username, password=PASSWORD)
    assert (wrong.status_code, right.status_code) == (429, 429)
    assert shown(wrong) == shown(right)
    assert wrong.headers["Retry-After"] == right.headers["Retry-After"] == "300"
    assert 'You need not wait: <a href="/sign-in/link">' in wrong.text
    clock.shift(300)
    assert client.submit("/sign-in", email=account.username, password=PASSWORD).status_code == 302


def test_a07_signing_in_answers_the_same_for_known_unknown_and_disabled(client: Browser) -> None:
    make_account(email="known@example.com")
    make_account(email="gone@example.com", disabled=True)
    answers = [
        client.submit("/sign-in", email=email, password=password)
        for email, password in (
            ("known@example.com", "wrong password"),
            ("nobody@example.com", "wrong password"),
            ("gone@example.com", PASSWORD),
            ("nobody\x00@example.com", PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({shown(answer) for answer in answers}) == 1
    assert "do not fit together" in answers[0].text


def test_a08_known_and_unknown_names_cost_the_same_work(
    client: Browser, monkeypatch: pytest.MonkeyPatch, count_queries: Callable[[], Any]
) -> None:
    make_account(email="known@example.com")
    client.submit("/sign-in", email="first@example.com", password="makes the decoy")
    real, verified = PasswordHasher.verify, []

    def counted(self: PasswordHasher, stored: str, password: bytes) -> bool:
        verified.append(stored)
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    work = []
    for email in ("known@example.com", "nobody@example.com", "no-username", "known@example.com"):
        before = len(verified)
        with count_queries() as found:
            client.submit("/sign-in", email=email, password="wrong password")
        work.append((len(verified) - before, found.total))
    assert len(set(work)) == 1
    assert work[0][0] == 1


def test_a08_unknown_names_cost_as_variously_as_known_ones(app: Flask) -> None:
    """After PASSWORD_COST was changed: half of the accounts have a cheap hash, half a dear one."""
    for cost in (2, 4) * 20:
        own = argon2.PasswordHasher(time_cost=cost, memory_cost=64, parallelism=1)
        make_account().password_hash = own.hash(b"kept")
    db.session.commit()

    def passes() -> list[int]:
        found = [decoys.decoy_for(f"nobody{number}@example.com") for number in range(200)]
        assert all(decoy and not passwords.check(decoy, GOOD, cost=1).fits for decoy in found[:2])
        return [extract_parameters(decoy or "").time_cost for decoy in found]

    before = passes()
    assert {2, 4} == set(before)
    assert 60 <= before.count(2) <= 140
    assert passes() == before
    with unit_of_work():
        make_account()
    moved = sum(old != new for old, new in zip(before, passes(), strict=True))
    assert moved <= 20


@pytest.mark.one_database
def test_a08_the_door_compares_with_what_a_name_borrowed(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = argon2.PasswordHasher(time_cost=7, memory_cost=64, parallelism=1)
    make_account(email="known@example.com").password_hash = own.hash(b"kept")
    db.session.commit()
    real, costs = PasswordHasher.verify, []

    def noted(self: PasswordHasher, stored: str, password: bytes) -> bool:
        costs.append(extract_parameters(stored))
        return real(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    for email in ("known@example.com", "nobody@example.com", "no-username"):
        client.submit("/sign-in", email=email, password="wrong password")
    assert costs == [costs[0]] * 3
    assert costs[0].time_cost == 7


def test_a08_the_decoy_costs_what_a_fresh_hash_costs() -> None:
    stored = passwords.hash_password(GOOD, cost=1)
    assert extract_parameters(passwords._decoy(1)) == extract_parameters(stored)


def test_a10_an_old_hash_is_made_anew_when_its_owner_signs_in(client: Browser) -> None:
    account = make_account()
    before = account.password_hash
    client.submit("/sign-in", email=account.username, password=PASSWORD)
    after = db.session.scalars(select(Account.password_hash)).one()
    assert after != before
    assert not passwords.check(after, PASSWORD, cost=1).outdated
    assert client.submit("/sign-in", email=account.username, password=PASSWORD).status_code == 302


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/sign-up", "/forgot-password"])
def test_c02_forms_without_our_token_are_refused(as_: Enter, path: str) -> None:
    browser = as_(make_account(email="anna@example.com"))
    data = {"email": "anna@example.com", "password": PASSWORD, "name": "Else"}
    assert browser.post(path, data=data).status_code == 400
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    data["csrf_token"] = browser.csrf_token()
    assert browser.post(path, data=data, headers=foreign).status_code == 403
    assert is_signed_in(browser)


@pytest.mark.one_database
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_p07_only_a_post_signs_out(as_: Enter, method: str) -> None:
    browser = as_(make_account())
    browser.open("/sign-out", method=method, headers={"X-HTTP-Method-Override": "POST"})
    browser.open("/sign-out?_method=POST", method=method)
    assert is_signed_in(browser)


@pytest.mark.one_database
def test_signing_in_leads_back_to_where_one_was_asked_to(client: Browser) -> None:
    asked = client.get("/account/password?from=here")
    assert asked.status_code == 302
    page = client.get(asked.headers["Location"])
    assert 'value="/account/password?from=here"' in page.text
    answer = client.submit(
        "/sign-in",
        email=make_account().username,
        password=PASSWORD,
        next="/account/password?from=here",
    )
    assert answer.headers["Location"] == "/account/password?from=here"


@pytest.mark.one_database
@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_c04_signing_in_leads_nowhere_else(client: Browser, wanted: str) -> None:
    account = make_account()
    assert "evil" not in client.get("/sign-in", query_string={"next": wanted}).text
    for url in ("/sign-in", f"/sign-in?next={wanted}"):
        answer = client.submit(url, email=account.username, password=PASSWORD, next=wanted)
        assert answer.headers["Location"] == "/account/"
    already = client.get("/sign-in", query_string={"next": wanted})
    assert already.headers["Location"] == "/account/"


def test_signing_up_makes_an_account_that_can_sign_in(
    client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    answer = sign_up(client)
    assert answer.status_code == 303
    assert "Look into your mail" in client.get(answer.headers["Location"]).text
    assert not is_signed_in(client)
    deliver()
    assert "/prove/" in mails.to("anna@example.com")[0].as_string()
    client.submit("/sign-in", email="anna@example.com", password=GOOD)
    page = client.get("/account/").text
    assert "is not confirmed yet" in page


def test_a07_signing_up_answers_the_same_for_a_known_address(
    client: Browser, app: Flask, mails: MailServer, deliver: Callable[[], int]
) -> None:
    make_account(email="known@example.com")
    answers = [
        sign_up(client, email="known@example.com", name="First"),
        sign_up(client, email="new@example.com", name="Second"),
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert answers[0].text == answers[1].text
    deliver()
    assert [len(mails.to(to)) for to in ("known@example.com", "new@example.com")] == [1, 1]
    assert db.session.scalar(select(func.count(Account.id))) == 2


def test_a07_a_known_address_costs_a_hash_too(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account(email="known@example.com")
    real, hashed = PasswordHasher.hash, []

    def counted(self: PasswordHasher, password: bytes) -> str:
        hashed.append(1)
        return real(self, password)

    monkeypatch.setattr(PasswordHasher, "hash", counted)
    sign_up(client, email="known@example.com", name="First")
    assert len(hashed) == 1
    sign_up(client, email="new@example.com", name="Second")
    assert len(hashed) == 2


def test_u01_signing_up_with_a_name_like_the_authors_is_refused(client: Browser) -> None:
    make_account("author", name="Marta Lind")
    answer = sign_up(client, name="M\u0430rta Lind")
    assert answer.status_code == 422
    assert "looks too much like" in answer.text
    assert "anna@example.com" in answer.text
    assert queries.find_account("anna@example.com") is None


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "fill this in"),
        ("name", "\u200b\u202e", "can be seen"),
        ("name", "x" * 61, "at most 60"),
        ("name", "a\x00b", "control characters"),
        ("email", "anna", "not an e-mail address"),
        ("email", "a@example.com,b@example.com", "not an e-mail address"),
        ("password", "short", "at least 8"),
        ("password", "Password1!", "guesser"),
        ("password", "annaberg1985", "guesser"),
        ("password", "x9" * 600, "too long"),
    ],
)
def test_bad_input_is_refused_in_words(client: Browser, field: str, text: str, words: str) -> None:
    answer = sign_up(client, **{field: text})
    assert answer.status_code == 422
    assert words in answer.text
    assert GOOD not in answer.text
    assert db.session.scalar(select(func.count(Account.id))) == 0


def test_p03_a_form_cannot_make_its_sender_staff(client: Browser) -> None:
    sign_up(client, role="admin", is_admin="1", proven_at="2026-01-01", username="admin", id="7")
    account = db.session.scalars(select(Account)).one()
    assert (account.role, account.username, account.is_proven) == ("reader", "anna-berg", False)


@pytest.mark.one_database
def test_c09_the_pages_of_accounts_are_kept_nowhere(as_: Enter, client: Browser) -> None:
    browser = as_(make_account())
    for page in (client.get("/sign-in"), client.get("/sign-up"), browser.get("/account/")):
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
def test_where_too_many_wait_for_their_password_a_newcomer_is_told_when_to_come_back(
    client: Browser, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def crowded(*_facts: object, **_more: object) -> None:
        raise Crowded

    monkeypatch.setattr(passwords, "check", crowded)
    monkeypatch.setattr(passwords, "hash_password", crowded)
    fields = {"name": "Anna Berg", "email": "anna@example.com", "password": GOOD}
    answer = client.submit(path, **fields)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "in a few seconds" in answer.text
    assert "anna@example.com" in answer.text  # what was typed is kept
    assert not db.session.scalars(select(SignInTry)).all()  # nobody is counted for it


def test_a_slip_of_the_finger_costs_no_mail_and_who_had_them_all_learns_when_to_come_back(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, Browser)
        slips = [sign_up(client, email="anna at example").status_code for _ in range(7)]
        asked = [sign_up(client, name=f"Anna B{n}", email=f"a{n}@example.com") for n in range(6)]
        names = db.session.scalars(select(Account.name)).all()
    assert slips == [422] * 7
    assert [answer.status_code for answer in asked] == [303] * 5 + [429]
    # The window ends at a whole second, so of an hour there may be a second more.
    assert re.search(r"Send it again in 6[01] minutes\.", asked[-1].text)
    assert sorted(names) == [f"Anna B{n}" for n in range(5)]


def test_who_shares_a_network_with_a_guesser_is_led_to_a_link_by_mail(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, Browser)
        for number in range(31):
            answer = client.submit("/sign-in", email=f"name{number}", password="a guess")
        link = client.submit("/sign-in/link", email="anna@example.com")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 200
    assert 'href="/sign-in/link"' in answer.text.partition('class="stop"')[2]
    assert link.status_code == 303


def test_the_list_of_problems_names_their_fields(client: Browser) -> None:
    answer = sign_up(client, name="", email="")
    assert ">Your name, as others will see it: Please fill this in.</a>" in answer.text
    assert ">E-mail address: Please fill this in.</a>" in answer.text
