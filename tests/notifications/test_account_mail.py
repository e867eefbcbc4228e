"""Mail about accounts: links that set a password or prove an address, and warnings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts import recovery, services
from app.domains.accounts.models import Account, Address
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address
from tests.notifications.steps import link_below, links, prove, subject_of, subjects
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]
INES = "ines@example.com"


def _ask_for_reset(email: str = INES) -> None:
    with unit_of_work():
        recovery.request_reset(email)


def _sign_up(email: str = INES, name: str = "Ines") -> None:
    with unit_of_work():
        services.register(name=name, email=email, password_hash="x")


def test_a12_the_reset_link_opens_the_configured_site_and_that_account(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    account = make_account(email=INES)
    with app.test_request_context(base_url="http://evil.example"):
        _ask_for_reset()
    deliver()

    (mail,) = mails.to(INES)
    link = urlsplit(link_below(mail, "/reset-password/"))
    assert (link.scheme, link.netloc) == ("https", "questions.example.org")
    assert recovery.account_of_link(link.path.rsplit("/", 1)[-1]).id == account.id


def test_a11_the_secret_of_a_reset_link_stands_in_the_mail_and_in_no_row(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=INES)
    _ask_for_reset()
    deliver()

    (mail,) = mails.to(INES)
    secret = link_below(mail, "/reset-password/").rsplit("/", 1)[-1]
    rows = [json.dumps(job.payload) + job.last_error for job in db.session.scalars(select(Job))]
    assert not [row for row in rows if secret in row]


def test_a_reset_link_that_died_before_its_mail_is_not_sent(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(email=INES)
    _ask_for_reset()
    clock.shift(timedelta(hours=1, seconds=1))

    deliver()

    assert mails.messages == []


def test_s15_five_links_a_day_and_no_more_go_to_one_account(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=INES)
    for _ in range(7):
        _ask_for_reset()

    deliver()

    assert len(mails.to(INES)) == 5


def test_who_signs_up_is_mailed_a_link_that_proves_the_address(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    _sign_up()
    deliver()

    (mail,) = mails.to(INES)
    assert subject_of(mail) == "Please confirm your address for Standing Well"
    key = link_below(mail, "/prove/").rsplit("/", 1)[-1]
    address = db.session.scalars(select(Address)).one()
    assert services.check_proof(address, key) is services.Proof.FITS


def test_a_link_to_prove_is_fresh_for_an_hour_however_late_its_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    _sign_up()
    clock.shift(timedelta(hours=5))
    deliver()
    clock.shift(timedelta(minutes=59))

    (mail,) = mails.to(INES)
    key = link_below(mail, "/prove/").rsplit("/", 1)[-1]
    address = db.session.scalars(select(Address)).one()
    assert services.check_proof(address, key) is services.Proof.FITS


def test_an_address_that_needs_no_proof_any_more_is_not_asked_for_it(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    address_id = make_address(INES).id
    with unit_of_work():
        services.ask_for_proof(db.session.get_one(Address, address_id), "question")
    prove(db.session.get_one(Address, address_id))

    deliver()

    assert mails.messages == []


def test_the_owner_of_an_address_hears_that_somebody_signed_up_with_it(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=INES)
    _sign_up(name="Somebody Else")
    deliver()

    (mail,) = mails.to(INES)
    assert subject_of(mail) == "You have an account on Standing Well already"
    assert [urlsplit(link).path for link in links(mail)] == ["/sign-in", "/forgot-password", "/"]
    assert "Somebody Else" not in text_of(mail)


def test_a_new_password_is_told_to_its_owner(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    account_id = make_account(email=INES).id
    with unit_of_work():
        recovery.change_password(db.session.get_one(Account, account_id), "another hash")

    deliver()

    assert subjects(mails.to(INES)) == ["Your password for Standing Well was changed"]


def test_mail_about_accounts_cannot_be_refused(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    make_account(email=INES)
    _ask_for_reset()
    _sign_up(name="Somebody Else")
    deliver()

    assert [mail["List-Unsubscribe"] for mail in mails.to(INES)] == [None, None]
