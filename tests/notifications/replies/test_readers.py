"""Readers who answer by mail, where the site wants it."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from flask import Flask

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import services as measures
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.replies.states import Outcome
from tests.factories import make_account
from tests.notifications.followers import follows
from tests.notifications.replies.steps import (
    INES,
    Pass,
    answered_by_marta,
    let_readers_answer,
    receive,
    replies,
    rows,
)
from tests.notifications.steps import prove, subjects
from tests.support.mailbox import answer
from tests.support.smtp import MailServer, text_of


def test_readers_answer_where_the_site_wants_it_and_are_screened(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """A guest writes under the name of before; what comes in waits like any other text."""
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    assert INES in str(told["To"])

    mails.clear()

    assert receive(answer(told, "Thank you. It still hurts at night.")) == Outcome.WAITS

    reply = replies()[-1]
    assert (reply.author_name, reply.address_id) == (question.author_name, question.address_id)
    assert (reply.status, reply.by_author, reply.by_proven) == (Status.PENDING, False, True)
    pass_time(timedelta(minutes=1))
    assert subjects(mails.to(INES))[0].startswith("Your comment arrived")


def test_a_reader_who_may_not_write_any_more_is_told_why(
    app: Flask, mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    question.article.comments_open = False
    db.session.commit()
    mails.clear()
    assert receive(answer(told, "And at night?")) == Outcome.REFUSED
    pass_time(timedelta(minutes=1))
    (refusal,) = mails.to(INES)
    assert "takes no more comments" in " ".join(text_of(refusal).split())


def test_a_mail_about_a_closed_article_asks_for_no_answer(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    prove(question.address)
    let_readers_answer()
    question.article.comments_open = False
    db.session.commit()
    told = answered_by_marta(mails, mail, pass_time)
    assert told["Reply-To"] is None
    assert "You can answer this mail" not in text_of(told)


def test_followers_answer_what_they_were_told_of(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    """One with an account does; a guest who has no name in the thread is given no address."""
    let_readers_answer()
    make_account(name="Bo", email="bo@example.com")
    for email in ("bo@example.com", "guest@example.com"):
        follows(question, email)
    answered_by_marta(mails, mail, pass_time, told="bo@example.com")
    (to_bo,), (to_guest,) = mails.to("bo@example.com"), mails.to("guest@example.com")
    assert to_guest["Reply-To"] is None

    assert receive(answer(to_bo, "Mine clicks too, on the left.")) == Outcome.WAITS

    by_marta, by_bo = replies()
    assert (by_bo.author_name, by_bo.parent_id) == ("Bo", by_marta.id)


def test_who_is_shut_out_is_told_so_and_writes_nothing(
    mail: EmailMessage, question: Comment, mails: MailServer, pass_time: Pass
) -> None:
    prove(question.address)
    let_readers_answer()
    told = answered_by_marta(mails, mail, pass_time)
    by_id, address_id = make_account(Role.MODERATOR).id, question.address_id
    with unit_of_work():
        about = About(address=db.session.get(Address, address_id))
        by = db.session.get_one(Account, by_id)
        measures.take(MeasureKind.BAN, about, reason="Advertising", until=None, by=by)
    mails.clear()
    assert receive(answer(told, "And at night?")) == Outcome.REFUSED
    assert len(replies()) == 1
    assert "Advertising" in rows()[-1].why


def test_who_only_typed_an_address_cannot_answer_by_mail(
    mail: EmailMessage, mails: MailServer, pass_time: Pass
) -> None:
    let_readers_answer()
    assert answered_by_marta(mails, mail, pass_time)["Reply-To"] is None
