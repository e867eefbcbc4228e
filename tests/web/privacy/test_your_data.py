"""Taking along everything of one's own, as a member and as a guest."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.domains.accounts.models import Account, Address
from app.domains.privacy import copies
from app.infra import clock as now
from app.infra.db import db
from app.web.accounts.session import PROVEN
from tests.factories import make_account, make_address, make_question
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

As = Callable[[Account], Browser]
PAGE, TAKE = "/account/your-data", "/account/your-data/take"


def texts_in(body: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return [one["source"] for one in json.loads(packed.read("your-data.json"))["comment"]]


def test_v11_a_member_asks_is_told_by_mail_and_takes_only_their_own(
    as_: As, mails: MailServer, deliver: Callable[[], int]
) -> None:
    bo, carl = make_account(email="bo@example.com"), make_account()
    for person in (bo, carl):
        make_question(f"Asked by {person.username}?", account=person)
    browser, other = as_(bo), as_(carl)
    assert "Make a copy for me" in browser.get(PAGE).text
    assert browser.submit(PAGE).status_code == 303
    assert "is being made: 0 of" in browser.get(PAGE).text
    assert browser.submit(PAGE).status_code == 409
    assert browser.submit(TAKE).status_code == 404
    deliver()
    (mail,) = mails.to("bo@example.com")
    assert "http://localhost/account/your-data" in text_of(mail)
    assert "Your copy of" in browser.get(PAGE).text

    answer = browser.submit(TAKE)

    assert texts_in(answer.data) == [f"Asked by {bo.username}?"]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="your-data.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content_length == len(answer.data)
    assert other.submit(TAKE).status_code == 404
    with time_machine.travel(now.now().timestamp() + 49 * 3600):
        assert as_(bo).submit(TAKE).status_code == 404


def test_a_guest_takes_it_by_the_mailed_link_in_the_browser_that_proved_the_address(
    app: Flask, client: Browser, mails: MailServer, deliver: Callable[[], int]
) -> None:
    address = make_address("bo@example.com", proven=True)
    make_question("Asked by a guest?", address=address, by_proven=True)
    page = f"/your-data/{address.id}"
    assert client.get(page).status_code == 404
    _prove(client, address)
    assert f'href="{page}"' in client.get("/your-questions").text
    assert client.submit(page).status_code == 303
    deliver()
    (mail,) = mails.to("bo@example.com")
    link = re.search(rf"http://localhost({page}/\S+)", text_of(mail))
    assert link is not None
    path = link[1]
    assert "Open the link that we mailed" in client.get(page).text
    assert "Take the copy" in client.get(path).text
    assert texts_in(client.submit(path).data) == ["Asked by a guest?"]

    assert client.submit(f"{page}/{'0' * 40}").status_code == 404
    elsewhere = app.test_client()
    assert isinstance(elsewhere, Browser)
    assert "confirmed" in elsewhere.get(path).text
    assert elsewhere.submit(path).status_code == 404


def test_a_guest_whose_address_has_an_account_is_sent_to_sign_in(client: Browser) -> None:
    account = make_account()
    _prove(client, account.address)
    answer = client.get(f"/your-data/{account.address_id}")
    assert answer.location.startswith("/sign-in")


def test_r27_a_hundred_downloads_that_are_cut_leave_nothing_open(
    as_: As, deliver: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PIECE", 512)
    bo = make_account()
    make_question(account=bo)
    browser = as_(bo)
    browser.submit(PAGE)
    deliver()
    db.session.remove()
    pool: Any = db.engine.pool
    for _ in range(100):
        answer = browser.submit(TAKE)
        assert next(answer.iter_encoded())[:2] == b"PK"
        answer.close()
        db.session.remove()
        assert pool.checkedout() == 0


def _prove(browser: Browser, address: Address) -> None:
    with browser.session_transaction() as stored:
        stored[PROVEN] = [address.id]
