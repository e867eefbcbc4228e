"""The address where answers by mail are brought, and the page that lists them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.engines.mailed.reading import MOST_BYTES
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies.addresses import reply_address
from tests.factories import make_account, make_question
from tests.support.client import Browser
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of

HOOK = "/mail/received"
TOKEN = "the-token-of-the-mail-server"
KNOWN = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "message/rfc822"}


@pytest.fixture
def mail(app: Flask) -> bytes:
    change_settings(app, mail_hook_token=TOKEN, mail_reply_address="reply+{token}@in.example.org")
    question = make_question()
    author = question.article.author
    box = reply_address(question, author.address)
    return f"From: {author.address.email}\r\nTo: {box}\r\n\r\nIt is a tendon.".encode()


def replies() -> list[str]:
    db.session.rollback()
    found = select(Comment.source).where(Comment.parent_id.is_not(None)).order_by(Comment.id)
    return list(db.session.scalars(found))


def test_an_answer_is_taken_once_as_it_is(client: Browser, mail: bytes) -> None:
    found = [client.post(HOOK, data=mail, headers=KNOWN) for _ in range(2)]
    assert [one.status_code for one in found] == [200, 200]
    assert [one.json["outcome"] for one in found if one.json] == ["published", "repeated"]
    assert replies() == ["It is a tendon."]


def test_whom_it_came_for_may_stand_in_the_address(client: Browser, mail: bytes) -> None:
    box = mail.split(b"To: ")[1].split(b"\r\n")[0].decode()
    hidden = mail.replace(b"To: reply", b"X-To: reply")
    assert client.post(HOOK, data=hidden, headers=KNOWN).json == {
        "outcome": "unknown",
        "why": "",
    }
    client.post(HOOK, query_string={"to": box}, data=hidden, headers=KNOWN)
    assert replies() == ["It is a tendon."]


def test_p02_without_the_token_there_is_no_such_page(
    app: Flask, client: Browser, mail: bytes
) -> None:
    for given in ("", "Bearer ", TOKEN, f"Bearer {TOKEN}x"):
        headers = {**KNOWN, "Authorization": given}
        for sent in (mail, mail + b"x" * MOST_BYTES):
            assert client.post(HOOK, data=sent, headers=headers).status_code == 404
            named = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            assert client.post(HOOK, data=sent, headers=named).status_code == 404
    change_settings(app, mail_hook_token="", mail_reply_address="")
    assert client.post(HOOK, data=mail, headers=KNOWN).status_code == 404
    assert replies() == []


def test_s10_of_what_is_too_large_its_writer_reads_once(
    app: Flask,
    client: Browser,
    mail: bytes,
    mails: MailServer,
    deliver: Callable[[], int],
    as_: Callable[..., Browser],
) -> None:
    """In their language, by the header alone; a forged sender, an answering machine and a mail
    whose header cannot be read are in the list alone."""
    box = mail.split(b"To: ")[1].split(b"\r\n")[0].decode()
    with unit_of_work():
        db.session.scalars(select(Account)).one().language = "de"
    large, outcomes = mail + b"x" * MOST_BYTES, []
    for one in (
        large + b"y" * 2 * MOST_BYTES,
        large,
        b"Auto-Submitted: auto-replied\r\n" + large,
        mail.replace(b"From: ", b"Content-Type: " + b"x" * 3000 + b"\r\nFrom: "),
        b"",
    ):
        said = client.post(HOOK, query_string={"to": box}, data=one, headers=KNOWN)
        assert said.status_code == 200
        outcomes.append(said.json)
    deliver()

    assert outcomes == [
        {"outcome": "unreadable", "why": "large"},
        {"outcome": "repeated", "why": ""},
        {"outcome": "automatic", "why": "Auto-Submitted"},
        {"outcome": "unreadable", "why": "maze"},
        {"outcome": "unreadable", "why": "empty"},
    ]
    (told,) = mails.messages
    assert "größer als 1 MB" in " ".join(text_of(told).split())
    assert replies() == []
    assert "larger than 1 MB" in as_(make_account(Role.ADMIN)).get("/settings/replies").text


def test_where_no_answers_are_taken_there_is_no_such_page(
    app: Flask, client: Browser, mail: bytes
) -> None:
    change_settings(app, mail_reply_address="")
    assert client.post(HOOK, data=mail, headers=KNOWN).status_code == 404


def test_an_admin_reads_what_became_of_each_and_lets_readers_answer(
    client: Browser, mail: bytes, as_: Callable[..., Browser]
) -> None:
    client.post(HOOK, data=mail, headers=KNOWN)
    client.post(HOOK, data=mail.replace(b"From: ", b"From: <x@evil.example>, "), headers=KNOWN)
    admin = as_(make_account(Role.ADMIN))

    page = admin.get("/settings/replies").text
    assert "Not from the owner of the address" in page
    assert "Published" in page
    assert "It is a tendon" not in page
    admin.submit("/settings/replies", readers="y")
    assert "checked" in admin.get("/settings/replies").text
