"""The address where a mail server tells what came back: who may, what it takes, what it answers."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import Address
from app.engines.returned_mail import MOST_BYTES
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications.names import name_of
from tests.factories import make_address
from tests.support.client import Browser
from tests.support.reports import delivery_status
from tests.support.settings import change_settings

HOOK = "/mail/returned"
TOKEN = "the-token-of-the-mail-server"
BO = "bo@example.com"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}
FORM = {"address": BO, "kind": "hard", "why": "550 no such person"}


@pytest.fixture
def bo(app: Flask) -> Address:
    change_settings(app, mail_hook_token=TOKEN)
    return make_address(BO)


def report(address: Address) -> bytes:
    job = Job(id=1, kind="mail.received", created_at=clock.now())
    return delivery_status(
        address.email, name=f"<{name_of(job, address.email_key)}@questions.example.org>"
    )


def stopped() -> list[tuple[str, str]]:
    stops = db.session.scalars(select(MailStop).order_by(MailStop.address_id))
    return [(one.kind, one.why) for one in stops]


def test_a_report_is_taken_as_it_is(client: Browser, bo: Address) -> None:
    answer = client.post(HOOK, data=report(bo), content_type="message/rfc822", headers=KNOWN)
    assert (answer.status_code, answer.json) == (200, {"stopped": 1})
    assert stopped() == [("hard", "550 5.1.1 no such person")]


def test_a_form_is_believed_as_it_is(client: Browser, bo: Address) -> None:
    answer = client.post(HOOK, data=FORM, headers=KNOWN)
    assert (answer.status_code, answer.json) == (200, {"stopped": 1})
    assert client.post(HOOK, data=FORM, headers=KNOWN).json == {"stopped": 0}
    assert stopped() == [("hard", "550 no such person")]


@pytest.mark.parametrize("given", ["", "Bearer ", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN}x"])
def test_p02_without_the_token_there_is_no_such_page(
    client: Browser, bo: Address, given: str
) -> None:
    answer = client.post(HOOK, data=FORM, headers={"Authorization": given})
    assert answer.status_code == 404
    assert stopped() == []


def test_it_is_off_where_no_token_is_set(app: Flask, client: Browser) -> None:
    make_address(BO)
    assert client.post(HOOK, data=FORM, headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "worse"},
        {"kind": ""},
        {"why": ""},
        {"why": "x" * 301},
        {"why": "a\x00b"},
        {"address": ""},
        {"address": "nobody@example.com"},
        {"address": "b\x00o@example.com"},
    ],
)
def test_an_unfit_form_is_refused_and_says_why(
    client: Browser, bo: Address, changed: dict[str, str]
) -> None:
    answer = client.post(HOOK, data={**FORM, **changed}, headers=KNOWN)
    assert answer.status_code in (404, 422)
    assert answer.json is not None
    assert answer.json["problem"]
    assert stopped() == []


@pytest.mark.parametrize("kind", ["message/rfc822", "text/plain", "application/octet-stream"])
def test_what_is_no_report_is_refused(client: Browser, bo: Address, kind: str) -> None:
    answer = client.post(HOOK, data=b"Subject: hi", content_type=kind, headers=KNOWN)
    assert (answer.status_code, stopped()) == (422, [])


def test_s10_a_report_beyond_the_limit_is_refused(client: Browser, bo: Address) -> None:
    body = report(bo) + b"x" * MOST_BYTES
    answer = client.post(HOOK, data=body, content_type="message/rfc822", headers=KNOWN)
    assert (answer.status_code, stopped()) == (413, [])
