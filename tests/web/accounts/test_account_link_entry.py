"""Signing in with a link by mail, and accounts that have no password."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import mailed_links, queries, services
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import Account, MailedLink
from app.infra import happenings, tokens
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import PASSWORD, make_account
from tests.support.client import Browser
from tests.support.queries import Counted
from tests.support.smtp import MailServer, text_of

GOOD = "eleven patient otters in a row"
ANNA = "anna@example.com"
Enter = Callable[[Account], Browser]
Deliver = Callable[[], int]


def link_in(mails: MailServer, to: str = ANNA) -> str:
    """The path of the link in the newest mail to this address."""
    found = re.search(r"https?://[^/\s]+(/sign-in/link/\S+)", text_of(mails.to(to)[-1]))
    assert found is not None
    return found[1]


def ask(browser: Browser, deliver: Deliver, email: str = ANNA, **more: str) -> None:
    assert browser.submit("/sign-in/link", email=email, **more).status_code == 303
    deliver()


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account/").status_code == 200


def the_account() -> Account:
    db.session.expire_all()
    found = queries.find_account(ANNA)
    assert found is not None
    return found


def test_a_link_signs_in_and_leads_where_one_wanted_to_go(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver, next="/account/questions?page=2")
    path = link_in(mails)
    page = client.get(path)
    wanted = re.search(r'name="next" value="([^"]+)"', page.text)
    assert wanted is not None
    answer = client.submit(path, next=wanted[1])
    assert answer.headers["Location"] == "/account/questions?page=2"
    assert is_signed_in(client)


def test_signing_up_without_a_password_leads_where_one_wanted_to_go_too(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    client.submit("/sign-up", name="Anna Berg", email=ANNA, next="/questions/?view=oldest")
    deliver()
    page = client.get(link_in(mails))
    assert 'name="next" value="/questions/?view=oldest"' in page.text


def test_p06_opening_the_link_signs_nobody_in(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    for _ in range(3):
        assert client.get(link_in(mails)).status_code == 200
    assert not is_signed_in(client)
    client.submit(link_in(mails))
    assert is_signed_in(client)


def test_a11_the_link_works_once_and_says_so(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    path = link_in(mails)
    client.submit(path)
    client.submit("/sign-out")
    for answer in (client.get(path), client.submit(path)):
        assert answer.status_code == 410
        assert "used already" in answer.text
        assert 'href="/sign-in/link">Ask for a new link' in answer.text
    assert not is_signed_in(client)


def test_a11_the_link_is_dead_after_an_hour(
    client: Browser, mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    clock.shift(3600)
    assert client.submit(link_in(mails)).status_code == 410


def test_a11_a_new_password_ends_the_link(
    client: Browser, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    owner = as_(make_account(email=ANNA))
    ask(client, deliver)
    path = link_in(mails)
    owner.submit("/account/password", current=PASSWORD, password=GOOD)
    assert client.submit(path).status_code == 410


def test_a11_a_link_of_one_purpose_is_none_of_another(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    secret = link_in(mails).rsplit("/", 1)[-1]
    assert client.get(f"/reset-password/{secret}").status_code == 410
    assert client.get(f"/account/not-me/{secret}").status_code == 410


def test_a11_of_two_who_use_a_link_at_once_one_is_let_in(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    link = db.session.scalars(select(MailedLink)).one()
    with unit_of_work():
        mailed_links.use(link)
    with pytest.raises(LinkUsedUp), unit_of_work():
        mailed_links.use(link)


def test_a11_the_link_is_told_to_nobody_and_kept_nowhere(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    page = client.get(link_in(mails))
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "no-store"
    stored = db.session.scalars(select(MailedLink)).one()
    assert stored.fingerprint == tokens.fingerprint(link_in(mails).rsplit("/", 1)[-1])


@pytest.mark.parametrize("secret", ["x", "0" * 40, "%20", "a" * 3000])
def test_p11_a_made_up_link_is_refused_in_words(client: Browser, secret: str) -> None:
    assert client.get(f"/sign-in/link/{secret}").status_code == 410


@pytest.mark.parametrize("path", ["/sign-in/link", "/forgot-password"])
def test_a07_asking_answers_the_same_and_costs_the_same_whoever_it_is(
    path: str,
    client: Browser,
    mails: MailServer,
    deliver: Deliver,
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    """What is done about it is a worker's, so the two requests are the same statements (A08)."""
    make_account(email=ANNA)
    disabled = make_account(email="gone@example.com", disabled=True)
    app = client.application
    app.extensions["later"] = {**app.extensions["reactions"]}
    app.extensions["reactions"] = {}
    told = []
    client.submit(path, email="")  # what a process reads once is read by it
    for email in (ANNA, "nobody@example.com", disabled.address.email):
        with count_queries() as counted:
            answer = client.submit(path, email=email)
        told.append((answer.status_code, answer.text, answer.headers["Location"], counted.total))
    assert told[0] == told[1] == told[2]
    with unit_of_work():
        happenings.handle_waiting()
    deliver()
    assert [str(mail["To"]) for mail in mails.messages] == [ANNA]


def test_s15_an_address_is_mailed_five_links_a_day(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    for _ in range(7):
        ask(client, deliver)
    assert len(mails.messages) == 5


def test_a06_who_has_used_up_the_mails_of_an_address_does_not_keep_its_owner_out(
    client: Browser, mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    """An hour later the links that others asked for have ended, and one goes to the owner."""
    make_account(email=ANNA)
    for _ in range(6):
        ask(client, deliver)
    clock.shift(timedelta(minutes=59))
    ask(client, deliver)
    assert len(mails.messages) == 5
    clock.shift(timedelta(minutes=1))
    ask(client, deliver)
    ask(client, deliver)
    assert len(mails.messages) == 6
    assert client.submit(link_in(mails)).status_code == 303


def test_a06_who_tries_links_that_open_nothing_keeps_nobody_in_the_network_out(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        account = make_account(email=ANNA)
        with unit_of_work():
            link = mailed_links.make(mailed_links.SIGN_IN, account)
            secret = mailed_links.secret_for_mail(mailed_links.SIGN_IN, link.id)
        client = app.test_client()
        assert isinstance(client, Browser)
        token = {"csrf_token": client.csrf_token()}
        made_up = [client.post(f"/sign-in/link/{number}", data=token) for number in range(31)]
        good = client.post(f"/sign-in/link/{secret}", data=token)
    assert [answer.status_code for answer in made_up] == [410] * 30 + [429]
    assert good.status_code == 303


def test_u06_a_look_alike_address_gets_no_link(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email="mike@example.com")
    for email in ("m\u0131ke@example.com", "mi\u212ae@example.com"):
        client.submit("/sign-in/link", email=email)
    deliver()
    assert mails.messages == []


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_c04_the_link_leads_to_no_other_site(
    client: Browser, mails: MailServer, deliver: Deliver, wanted: str
) -> None:
    make_account(email=ANNA)
    ask(client, deliver, next=wanted)
    assert "evil" not in text_of(mails.messages[-1])
    assert client.submit(link_in(mails), next=wanted).headers["Location"] == "/account/"


def test_the_mail_is_told_from_others_in_one_line(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    ask(client, deliver)
    assert str(mails.messages[-1]["Subject"]) == "Sign in to Standing Well"


def test_an_account_without_a_password_is_made_and_entered_by_its_link(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    answer = client.submit("/sign-up", name="Anna Berg", email=ANNA, password="")
    assert answer.status_code == 303
    deliver()
    assert the_account().password_hash is None
    assert not the_account().is_proven
    client.submit(link_in(mails))
    assert is_signed_in(client)
    assert the_account().is_proven


def test_a07_signing_up_without_a_password_does_not_tell_who_is_here(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=ANNA)
    answers = [
        client.submit("/sign-up", name=name, email=email, password="")
        for name, email in (("Anna Berg", ANNA), ("Bo Ek", "bo@example.com"))
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1


def test_no_password_opens_an_account_that_has_none(app: Flask, client: Browser) -> None:
    account = make_account(email=ANNA)
    account.password_hash = None
    for password in ("", PASSWORD, "None"):
        assert client.submit("/sign-in", email=ANNA, password=password).status_code == 422
    assert not is_signed_in(client)


def test_a18_whoever_set_a_password_before_the_address_was_proven_is_out(
    client: Browser, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    """Somebody signs up with a stranger's address and waits until its owner comes."""
    account = make_account(email=ANNA, proven=False)
    intruder = as_(account)
    ask(client, deliver)
    client.submit(link_in(mails))
    assert "opens nothing any more" in client.get("/account/").text
    assert not is_signed_in(intruder)
    assert the_account().password_hash is None


def test_a_password_can_be_removed_and_set_again(
    client: Browser, as_: Enter, mails: MailServer, deliver: Deliver
) -> None:
    account = make_account(email=ANNA)
    owner, elsewhere = as_(account), as_(account)
    assert owner.submit("/account/password/remove", remove=PASSWORD).status_code == 303
    assert is_signed_in(owner)
    assert not is_signed_in(elsewhere)
    deliver()
    assert "was removed" in str(mails.to(ANNA)[-1]["Subject"])
    assert "Set a password" in owner.get("/account/password").text
    owner.submit("/account/password/link")
    deliver()
    found = re.search(r"(/reset-password/\S+)", text_of(mails.to(ANNA)[-1]))
    assert found is not None
    client.submit(found[1], password=GOOD)
    assert client.submit("/sign-in", email=ANNA, password=GOOD).status_code == 302


def test_a_password_is_removed_only_by_who_knows_it(as_: Enter) -> None:
    owner = as_(make_account(email=ANNA))
    answer = owner.submit("/account/password/remove", remove="not this one at all")
    assert answer.status_code == 422
    assert "That is not your password." in answer.text
    assert the_account().password_hash is not None


def test_a_password_stays_where_the_address_is_not_proven(as_: Enter) -> None:
    owner = as_(make_account(email=ANNA, proven=False))
    answer = owner.submit("/account/password/remove", remove=PASSWORD)
    assert answer.status_code == 422
    assert "Confirm your address first" in answer.text
    assert the_account().password_hash is not None


def test_a05_guesses_at_the_password_are_limited_where_it_is_removed(as_: Enter) -> None:
    owner = as_(make_account(email=ANNA))
    answers = [owner.submit("/account/password/remove", remove="wrong one") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_disabled_account_is_not_entered_by_a_link_from_before(
    client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    account = make_account(email=ANNA)
    ask(client, deliver)
    path = link_in(mails)
    with unit_of_work():
        services.disable(db.session.get_one(Account, account.id))
    assert client.submit(path).status_code == 410
