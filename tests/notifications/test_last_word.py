"""Who is erased hears of it once, and the address goes with that mail, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts import mail_stops
from app.domains.accounts.models import Account
from app.domains.accounts.states import Stop
from app.domains.privacy import erasing, leaving, persons
from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import last_word
from app.notifications.states import Mail
from tests.domains.privacy.canaries import everything
from tests.factories import make_account, make_question
from tests.notifications.steps import html_of, subject_of
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, free_port, text_of

Deliver = Callable[[], int]
EMAIL = "zebedee@quill.example"


def asked(account: Account) -> int:
    with unit_of_work():
        return leaving.ask(persons.of_account(account)).id


def waiting() -> Job:
    db.session.expire_all()
    return db.session.scalars(select(Job).where(Job.kind == Mail.ERASED)).one()


def test_v16_who_was_erased_is_told_in_their_language_and_the_address_goes_with_the_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    account = make_account(email=EMAIL)
    account.language = "de"
    make_question("Mine?", account=account)
    asked(account)
    deliver()
    mails.clear()
    clock.shift(timedelta(hours=24, seconds=1))
    deliver()
    (mail,) = mails.to(EMAIL)
    assert subject_of(mail) == "Alles von dir bei Standing Well ist gelöscht"
    for words in (text_of(mail), html_of(mail)):
        assert "bleibt ohne deinen Namen stehen" in words
    assert mail["List-Unsubscribe"] is None
    assert EMAIL not in everything()
    assert deliver() == 0


def test_a_last_mail_that_is_refused_is_given_up_and_left_in_no_list(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    number = asked(make_account(email=EMAIL))
    deliver()
    mails.answers += ["451 later", f"550 no such person as {EMAIL}"]
    erasing.erase(number)
    deliver()
    assert EMAIL in everything()
    assert waiting().done_at is None
    clock.shift(timedelta(minutes=2))
    deliver()
    assert EMAIL not in everything()
    assert (waiting().failed_at, waiting().last_error) == (None, "")


def test_the_address_outlasts_neither_all_tries_nor_a_mail_that_cannot_be_written(
    app: Flask,
    mails: MailServer,
    deliver: Deliver,
    clock: Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_settings(app, smtp_port=free_port())
    erasing.erase(asked(make_account(email=EMAIL)))
    for pause in (timedelta(0), *jobs.LONGEST_PAUSES):
        assert EMAIL in everything()
        clock.shift(pause)
        deliver()
    assert EMAIL not in everything()

    monkeypatch.setattr(last_word, "_letter", lambda _job: 1 / 0)
    erasing.erase(asked(make_account(email=EMAIL)))
    clock.shift(last_word.KEPT - timedelta(hours=1))
    last_word.forget(Job(kind=last_word.FORGETTING, payload={}))
    assert EMAIL in everything()
    clock.shift(timedelta(hours=2))
    last_word.forget(Job(kind=last_word.FORGETTING, payload={}))
    assert EMAIL not in everything()


def test_no_last_mail_where_mail_is_stopped_or_the_address_is_anothers_or_it_was_told_before(
    app: Flask, mails: MailServer
) -> None:
    stopped, typed, told = make_account(), make_account(proven=False), make_account()
    with unit_of_work():
        mail_stops.stop(stopped.address, Stop.HARD, "550 no such person")
        typed.address.proven_at = typed.created_at
    for account in (stopped, typed):
        erasing.erase(asked(account))
    erasing.erase(asked(told), tell=False)
    assert db.session.scalars(select(Job.id).where(Job.kind == Mail.ERASED)).all() == []
