"""Who has a question too: the link, and word of the answer, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from time_machine import Traveller

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.comments import me_too
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation.services import Verb
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_article, make_question
from tests.notifications.steps import ask, decide, link_below, subject_of, subjects, undo
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]
UNDO = timedelta(seconds=30)
BO = "bo@example.com"


def has_too(question: Comment, email: str = BO) -> None:
    address = make_address(email, proven=True)
    with unit_of_work():
        me_too.say(db.session.get_one(Comment, question.id), Person(None, frozenset({address.id})))


def not_any_more(question: Comment, address_id: int) -> None:
    with unit_of_work():
        me_too.take_back(
            db.session.get_one(Comment, question.id), Person(None, frozenset({address_id}))
        )


def answer(
    question: Comment, text: str = "It is a tendon. Let it be.", **others: object
) -> Comment:
    """The author answers, and it stands there at once."""
    author = db.session.get_one(Account, question.article.author_id)
    return ask(question.article, text, account=author, parent=question, **others)  # type: ignore[arg-type]


def after_the_time_to_undo(deliver: Deliver, clock: Traveller) -> None:
    deliver()
    clock.shift(UNDO)
    deliver()
    deliver()


def test_a_guest_gets_the_link_and_none_of_anybodys_words_but_the_questions_title(
    app: Flask, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    question = make_question()
    client.submit(f"/questions/{question.id}/me-too", email=BO)
    deliver()
    (mail,) = mails.to(BO)
    assert subject_of(mail) == f"Do you have this question too? {question.title}"
    assert link_below(mail, f"/me-too/{question.id}/")


def test_the_link_of_a_question_that_was_hidden_meanwhile_is_not_sent(
    app: Flask, client: Browser, mails: MailServer, deliver: Deliver
) -> None:
    question = make_question()
    client.submit(f"/questions/{question.id}/me-too", email=BO)
    decide(question, Verb.SPAM, make_account(Role.MODERATOR))
    deliver()
    assert mails.to(BO) == []


def test_who_has_the_question_too_hears_of_the_first_answer_and_of_no_other(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = make_question()
    has_too(question)
    clock.shift(60)
    answer(question)
    after_the_time_to_undo(deliver, clock)
    assert subjects(mails.to(BO)) == [f"Answered: {question.title}"]
    assert "It is a tendon." in text_of(mails.to(BO)[0])

    clock.shift(60)
    answer(question, "One thing more about that tendon of yours.")
    after_the_time_to_undo(deliver, clock)
    assert len(mails.to(BO)) == 1


def test_an_answer_undone_in_time_is_told_to_nobody(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question, moderator = make_question(), make_account(Role.MODERATOR)
    has_too(question)
    clock.shift(60)
    decide(answer(question), Verb.SPAM, moderator)
    after_the_time_to_undo(deliver, clock)
    assert mails.to(BO) == []


def test_an_answer_taken_back_and_let_in_again_is_told_once(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question, moderator = make_question(), make_account(Role.MODERATOR)
    has_too(question)
    clock.shift(60)
    said = answer(question)
    after_the_time_to_undo(deliver, clock)
    undo(decide(said, Verb.SPAM, moderator), moderator)
    after_the_time_to_undo(deliver, clock)
    assert len(mails.to(BO)) == 1


def test_who_took_it_back_hears_nothing(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = make_question()
    has_too(question)
    clock.shift(60)
    answer(question)
    address_id = db.session.query(Address.id).filter_by(email=BO).scalar()
    not_any_more(question, address_id)
    after_the_time_to_undo(deliver, clock)
    assert mails.to(BO) == []


def test_chat_and_readers_replies_are_no_answer(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = make_question()
    has_too(question)
    clock.shift(60)
    answer(question, "What a week this was.", kind=Kind.CHAT)
    decide(
        ask(question.article, "I have no idea either.", parent=question, kind=Kind.COMMENT),
        Verb.APPROVE,
        make_account(Role.MODERATOR),
    )
    after_the_time_to_undo(deliver, clock)
    assert mails.to(BO) == []


def test_many_who_have_it_too_are_told_by_one_job_each_once(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = make_question(article=make_article())
    for number in range(5):
        has_too(question, f"reader-{number}@example.org")
    clock.shift(60)
    answer(question)
    after_the_time_to_undo(deliver, clock)
    told = [mail for mail in mails.messages if subject_of(mail).startswith("Answered:")]
    assert sorted(str(mail["To"]) for mail in told) == [
        f"reader-{number}@example.org" for number in range(5)
    ]
