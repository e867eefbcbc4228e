"""Word to the asker that a card answers the question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.domains.accounts.models import Account
from app.domains.answers import keeping
from app.domains.answers import services as card_services
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.states import How
from app.domains.comments import cards, making
from app.domains.comments import me_too as me_toos
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import (
    make_account,
    make_address,
    make_answer,
    make_comment,
    make_question,
)
from tests.support.smtp import MailServer, text_of

LATER = timedelta(minutes=1)


@pytest.fixture
def author() -> Account:
    return make_account("author", name="Marta")


@pytest.fixture
def question() -> Comment:
    return make_comment(
        "Why does it click?",
        kind=Kind.QUESTION,
        title="Why does it click?",
        address=make_address("ines@example.com", proven=True),
    )


def link(question: Comment, author: Account, how: How = How.DESK) -> int:
    question_id, author_id = question.id, author.id
    with unit_of_work():
        by = db.session.get_one(Account, author_id)
        card = card_services.create("Clicking hips", source="A tendon moves over bone.", by=by)
        made = cards.answer_with(db.session.get_one(Comment, question_id), card, by=by, how=how)
        return made.id


def test_the_asker_is_told_with_the_first_words_and_a_way_to_say_no(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link(question, author)
    clock.shift(LATER)
    deliver()
    (message,) = mails.messages
    assert message["To"] == "ines@example.com"
    assert "A tendon moves over bone." in text_of(message)
    assert f"/asked/{question.id}/" in text_of(message)


def test_a_card_whose_owner_is_gone_speaks_as_the_author_in_the_readers_language(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link(question, author)
    question.account = make_account(email="jo@example.com", language="de")
    db.session.query(AnswerCard).one().owner = None
    db.session.commit()
    clock.shift(LATER)
    deliver()
    (message,) = mails.to("jo@example.com")
    assert message["Subject"].startswith("Die Autorin oder der Autor hat geantwortet")


def test_a_link_that_was_taken_back_in_time_is_told_to_nobody(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link_id = link(question, author)
    author_id = author.id
    with unit_of_work():
        by = db.session.get_one(Account, author_id)
        cards.take_back(db.session.get_one(CardLink, link_id), by=by)
    clock.shift(LATER)
    deliver()
    assert mails.messages == []


def test_who_said_so_themselves_is_not_told(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link(question, author, How.ASKER)
    clock.shift(LATER)
    deliver()
    assert mails.messages == []


def test_a_card_made_of_the_reply_that_was_mailed_already_is_told_to_nobody(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    reader = make_account("reader", email="jo@example.com")
    question_id, reply_id = question.id, make_answer(question).id
    with unit_of_work():
        me_too = Person(reader, frozenset({reader.address_id}))
        me_toos.say(db.session.get_one(Comment, question_id), me_too)
    clock.shift(LATER)
    author_id = author.id
    with unit_of_work():
        by = db.session.get_one(Account, author_id)
        making.make_card_of(db.session.get_one(Comment, reply_id), by=by)
    clock.shift(LATER)
    deliver()
    assert mails.messages == []


def test_a_card_made_of_a_reply_elsewhere_is_news(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    reply_id = make_answer(make_question(account=author)).id
    question_id, author_id = question.id, author.id
    with unit_of_work():
        by = db.session.get_one(Account, author_id)
        card = making.make_card_of(db.session.get_one(Comment, reply_id), by=by)
        cards.answer_with(db.session.get_one(Comment, question_id), card, by=by, how=How.DESK)
    clock.shift(LATER)
    deliver()
    assert [message["To"] for message in mails.messages] == ["ines@example.com"]


def test_linking_again_after_an_undo_is_told_once(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link_id = link(question, author)
    clock.shift(LATER)
    deliver()
    question_id, author_id = question.id, author.id
    with unit_of_work():
        by = db.session.get_one(Account, author_id)
        former = db.session.get_one(CardLink, link_id)
        card_id = former.card_id
        cards.take_back(former, by=by)
        card = db.session.get_one(AnswerCard, card_id)
        cards.answer_with(db.session.get_one(Comment, question_id), card, by=by, how=How.DESK)
    clock.shift(LATER)
    deliver()
    assert len(mails.messages) == 1


# What did not help


def say_no(link_id: int, reason: str = "It hurts at night.") -> None:
    with unit_of_work():
        cards.say_helped(db.session.get_one(CardLink, link_id), helped=False, reason=reason)


def test_the_owner_of_a_card_hears_that_it_did_not_help_and_why(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link_id = link(question, author, How.ASKER)
    say_no(link_id)
    clock.shift(LATER)
    deliver()
    (message,) = mails.messages
    assert message["To"] == author.address.email
    assert "It hurts at night." in text_of(message)
    say_no(link_id, "And in the morning.")
    clock.shift(LATER)
    deliver()
    assert len(mails.messages) == 1


def test_of_a_card_whose_owner_left_the_articles_author_hears(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link_id = link(question, author, How.ASKER)
    author.disabled_at = author.created_at
    db.session.commit()
    say_no(link_id)
    clock.shift(LATER)
    deliver()
    assert [message["To"] for message in mails.messages] == [question.article.author.address.email]


def test_whoever_took_a_card_over_hears_of_it(
    mails: MailServer,
    deliver: Callable[[], int],
    clock: time_machine.Traveller,
    question: Comment,
    author: Account,
) -> None:
    link_id = link(question, author, How.ASKER)
    author.role = "reader"
    other = make_account("author", email="new@example.com")
    card = db.session.get_one(CardLink, link_id).card
    keeping.take_over(card, by=other)
    db.session.commit()
    say_no(link_id)
    clock.shift(LATER)
    deliver()
    assert [message["To"] for message in mails.messages] == ["new@example.com"]
