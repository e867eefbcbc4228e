"""Answers by mail: from a question to the answer in the thread."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from threading import Barrier

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import services as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from app.notifications.replies import placing, receiving
from app.notifications.replies.addresses import LONGEST_BOX
from app.notifications.replies.states import Outcome
from tests.factories import make_account
from tests.notifications.replies.steps import (
    INES,
    MARTA,
    WORDS,
    Pass,
    receive,
    replies,
    rows,
)
from tests.notifications.steps import asked_and_approved, html_of, subjects
from tests.support.mailbox import answer, reply_box
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of


def test_a_question_is_answered_from_the_mailbox_alone(
    app: Flask, mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """Of all that the author sends the thread shows what she wrote, once, as her answer; brought as
    a mail server does it, by the command."""
    assert "Why does my hip click" in text_of(mail)
    assert "You can answer this mail" in text_of(mail)
    sent = answer(mail, f"{WORDS}\n\n-- \nMarta\n+49 30 1234", quotes=True)

    for _ in range(2):
        runner = app.test_cli_runner()
        ended = runner.invoke(args=["mail", "received", reply_box(mail)], input=sent.as_bytes())
        assert ended.exit_code == 0, ended.output

    (reply,) = replies()
    assert (reply.source, reply.parent_id) == (WORDS, question.id)
    assert (reply.by_author, reply.status, reply.kind) == (True, Status.APPROVED, Kind.COMMENT)
    assert "<strong>Let it be</strong>" in reply.html
    pass_time(timedelta(minutes=1))
    (told,) = mails.to(INES)
    assert subjects([told])[0].startswith("Marta answered")
    assert mails.to(MARTA) == []
    assert told["Reply-To"] is None  # readers answer on the page, unless the site wants it


def test_an_address_to_answer_to_fits_a_mailbox_and_holds_in_any_case(
    mail: EmailMessage,
) -> None:
    box = reply_box(mail).partition("@")[0]
    assert len(box) <= LONGEST_BOX
    assert re.fullmatch(r"reply\+[a-z2-7]{48}", box)
    assert mail["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    loud = answer(mail, WORDS, To=f"<{reply_box(mail).upper()}>")
    assert receive(loud) == Outcome.PUBLISHED


def test_v14_no_address_to_answer_to_is_published_whatever_language_quotes_it(
    mail: EmailMessage,
) -> None:
    quoted = f"Il giorno 3 mar 2026 Standing Well <{reply_box(mail)}>\nha scritto:\n\nPerché?"
    assert receive(answer(mail, f"{WORDS}\n\n{quoted}")) == Outcome.PUBLISHED
    assert [reply.source for reply in replies()] == [WORDS]


def test_the_address_that_the_mail_server_names_counts_too(mail: EmailMessage) -> None:
    hidden = answer(mail, WORDS, To="undisclosed-recipients:;")
    assert receive(hidden, recipient=reply_box(mail)) == Outcome.PUBLISHED


def test_several_questions_have_an_address_each(
    marta: Account, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    second = asked_and_approved(
        question.article, make_account(Role.MODERATOR), text="Why is my knee stiff at night?"
    )
    pass_time(timedelta(minutes=11))
    (mail,) = mails.to(MARTA)
    assert mail["Reply-To"] is None
    boxes = re.findall(r"reply\+[a-z2-7]{48}@in\.example\.org", text_of(mail))
    assert re.findall(r"mailto:([^\"]+)", html_of(mail)) == boxes

    assert receive(answer(mail, WORDS, To=boxes[1])) == Outcome.PUBLISHED

    assert [reply.parent_id for reply in replies()] == [second.id]


def test_where_it_is_off_no_mail_can_be_answered(
    app: Flask, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    change_settings(app, mail_reply_address="")
    pass_time(timedelta(minutes=11))
    (mail,) = mails.to(MARTA)
    assert mail["Reply-To"] is None
    assert "answer this mail" not in text_of(mail)
    with pytest.raises(receiving.NotSetUp):
        receive(b"From: a@b.example\n\nwords")


def test_the_same_words_in_another_mail_stand_once(mail: EmailMessage) -> None:
    assert receive(answer(mail, WORDS)) == Outcome.PUBLISHED
    again = answer(mail, f"{WORDS.upper()}\n", Message_ID="")
    assert receive(again) == Outcome.REPEATED
    assert len(replies()) == 1


def test_what_dies_half_way_is_as_if_it_never_came(
    mail: EmailMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text and the row by which the mail is known are one transaction; the mail server brings
    the mail again."""
    submit = comments.submit

    def dying(*args: object) -> Comment:
        submit(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    sent = answer(mail, WORDS)
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(placing.services, "submit", dying)
        receive(sent)
    assert (replies(), rows()) == ([], [])

    assert receive(sent) == Outcome.PUBLISHED


def test_of_two_deliveries_at_once_one_counts(app: Flask, mail: EmailMessage) -> None:
    """A mail server that lost our answer brings the mail again while the first is still at work."""
    raw, barrier = answer(mail, WORDS).as_bytes(), Barrier(3, timeout=20)
    db.session.remove()

    def bring(_: int) -> Outcome:
        with app.app_context():
            barrier.wait()
            return receiving.take(raw).outcome

    with ThreadPoolExecutor(3) as threads:
        outcomes = sorted(threads.map(bring, range(3)))
    assert outcomes == [Outcome.PUBLISHED, Outcome.REPEATED, Outcome.REPEATED]
    assert len(replies()) == 1
