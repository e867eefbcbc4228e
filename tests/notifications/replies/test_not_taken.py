"""Mails that are no answers of whom they should be from, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from time_machine import Traveller

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.notifications.replies.states import Outcome
from tests.notifications.replies.steps import (
    MARTA,
    WORDS,
    receive,
    replies,
    rows,
)
from tests.support.mailbox import answer, reply_box
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of


def test_a_forged_sender_gets_nowhere(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """The forger knows the signed address; whoever it belongs to hears of it, a few times a day,
    and the address that the forger gives never."""
    for number in range(14):
        forged = answer(mail, f"Buy this, {number}.", sender="mallory@example.net")
        assert receive(forged) == Outcome.OTHER_SENDER
    for senders in (
        f"mallory@example.net, {MARTA}",
        f"{MARTA}, mallory@example.net",
        f"{MARTA})mallory@example.net",
        f"{MARTA} <mallory@example.net>",
        f'"{MARTA}" <mallory@example.net>',
        f"{MARTA}@example.net",
        "<>",
        "",
    ):
        plain = answer(mail, WORDS).as_bytes()
        sent = plain.replace(f"From: {MARTA}".encode(), f"From: {senders}".encode())
        assert receive(sent) == Outcome.OTHER_SENDER, senders
    twice = answer(mail, WORDS).as_bytes() + b""
    assert receive(b"From: mallory@example.net\r\n" + twice) == Outcome.OTHER_SENDER
    deliver()

    assert replies() == []
    assert len(mails.to(MARTA)) == 10
    assert "not sent from your address" in text_of(mails.messages[0])
    assert mails.to("mallory@example.net") == []


def test_a_forged_address_gets_nowhere(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """Every part of it is signed, and so is what it stands for."""
    box = reply_box(mail).partition("+")[2].partition("@")[0]
    for place in (0, 7, 12, 15, 20, 47):
        letter = "a" if box[place] != "a" else "b"
        forged = f"reply+{box[:place]}{letter}{box[place + 1 :]}@in.example.org"
        assert receive(answer(mail, WORDS, To=forged)) == Outcome.UNKNOWN
    assert receive(answer(mail, WORDS, To="threshold@example.com")) == Outcome.UNKNOWN
    deliver()
    assert (replies(), mails.messages) == ([], [])
    assert {row.address_id for row in rows()} == {None}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("late", Outcome.LATE),
        ("password", Outcome.UNKNOWN),
        ("role", Outcome.UNKNOWN),
        ("disabled", Outcome.UNKNOWN),
        ("to be erased", Outcome.UNKNOWN),
        ("hidden", Outcome.REFUSED),
        ("closed for readers", Outcome.PUBLISHED),
        ("other secret", Outcome.UNKNOWN),
        ("rotated secret", Outcome.PUBLISHED),
    ],
)
def test_what_ends_an_address_to_answer_to(
    app: Flask,
    mail: EmailMessage,
    question: Comment,
    clock: Traveller,
    change: str,
    outcome: Outcome,
) -> None:
    marta, old = question.article.author, app.config["SECRET_KEY"]
    match change:
        case "late":
            clock.shift(timedelta(days=30))
        case "password":
            marta.device_nonce = "another"
        case "role":
            marta.role = Role.READER
        case "disabled":
            marta.disabled_at = question.created_at
        case "to be erased":
            marta.leaving_at = question.created_at
        case "hidden":
            question.status = Status.REJECTED
        case "closed for readers":
            question.article.comments_open = False
        case _:
            app.config["SECRET_KEY"] = "another secret of thirty-two letters"
            app.config["SECRET_KEY_FALLBACKS"] = [old] if change == "rotated secret" else []
    db.session.commit()

    assert receive(answer(mail, WORDS)) == outcome
    assert len(replies()) == (outcome == Outcome.PUBLISHED)


def test_what_a_program_answers_goes_nowhere_and_nobody_is_told(
    mail: EmailMessage, mails: MailServer, deliver: Callable[[], int]
) -> None:
    """Also our own mail, when it comes back to us."""
    away = answer(mail, "I am away until Monday.", Auto_Submitted="auto-replied")
    looping = mail.as_bytes().replace(b"Auto-Submitted: auto-generated", b"X-Was: away")
    looping = looping.replace(b"Message-ID: <", b"Message-ID: <again.")
    looping = looping.replace(b"List-Unsubscribe", b"X-Was")
    for one in (away.as_bytes(), mail.as_bytes(), looping):
        assert receive(one, recipient=reply_box(mail)) == Outcome.AUTOMATIC
    deliver()
    assert (replies(), mails.messages) == ([], [])
    assert [row.why for row in rows()] == ["Auto-Submitted", "Auto-Submitted", "From"]


def test_the_mail_server_may_vouch_for_the_sender(app: Flask, mail: EmailMessage) -> None:
    """By its own newest result alone: what the mail brought along counts for nothing."""
    change_settings(app, mail_authserv_id="mx.example.org")
    ours, theirs = "mx.example.org; ", "mx.evil.example; "
    cases: list[tuple[list[str], Outcome]] = [
        ([], Outcome.UNPROVEN),
        ([f"{theirs}dmarc=pass"], Outcome.UNPROVEN),
        ([f"{ours}dmarc=fail", f"{ours}dmarc=pass"], Outcome.UNPROVEN),
        ([f"{ours}spf=pass; dkim=pass header.d=evil.example"], Outcome.UNPROVEN),
        ([f"{ours}dkim=pass header.d=com"], Outcome.UNPROVEN),
        ([f'{ours}spf=fail smtp.mailfrom="; dmarc=pass;"@x (a; dmarc=pass)'], Outcome.UNPROVEN),
        ([f"{ours}spf=pass (a (b) ; dmarc=pass) smtp.mailfrom=x@y"], Outcome.UNPROVEN),
        ([rf"{ours}spf=pass (a \) ; dmarc=pass) smtp.mailfrom=x@y"], Outcome.UNPROVEN),
        ([rf'{ours}spf=pass smtp.mailfrom="a\"; dmarc=pass; x=\""@y'], Outcome.UNPROVEN),
        ([f'{ours}spf=pass smtp.mailfrom="a; dmarc=pass'], Outcome.UNPROVEN),
        ([f"{ours}dkim=pass header.d=example.com"], Outcome.PUBLISHED),
        ([f"{theirs}dmarc=fail", f"{ours}spf=none; dmarc=pass"], Outcome.PUBLISHED),
    ]
    for number, (results, outcome) in enumerate(cases):
        made = answer(mail, f"Answer number {number} says: let it be.").as_bytes()
        head = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode()
        assert receive(head + made) == outcome, results
