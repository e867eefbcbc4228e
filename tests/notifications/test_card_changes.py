"""Following a card: who hears that it says something else, how often, and who does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.answers import services
from app.domains.answers.models import AnswerCard
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.card_changes import SETTLING
from tests.factories import make_account, make_address, make_card, make_link, make_question
from tests.notifications.steps import link_below, links, prove
from tests.support.client import Browser
from tests.support.smtp import MailServer, text_of

LONG = "A tendon moves over the bone and that is what you hear. Let it be while it is quiet."
OTHER = "See somebody who looks at your hip, since a sound with pain is another matter."
Deliver = Callable[[], int]


@pytest.fixture
def card(app: Flask, clock: time_machine.Traveller) -> AnswerCard:
    """A card that answers the question of Ines, who is proven, since a minute."""
    made = make_card("Clicking hips", text=LONG, owner=make_account("author", name="Marta"))
    asker = make_address("ines@example.com", proven=True)
    make_link(made, make_question("Why does it click?", address=asker))
    clock.shift(timedelta(minutes=1))
    return made


@pytest.fixture
def later(
    clock: time_machine.Traveller, deliver: Deliver, mails: MailServer
) -> Callable[[], list[str]]:
    """When edits have settled, all due mail goes out; to whom, in order."""

    def run() -> list[str]:
        before = len(mails.messages)
        clock.shift(SETTLING + timedelta(minutes=1))
        deliver()
        return sorted(str(message["To"]) for message in mails.messages[before:])

    return run


def edit(card: AnswerCard, source: str, *, title: str | None = None, by: Account | None = None):
    card_id, by_id = card.id, (by or card.owner).id
    with unit_of_work():
        held = db.session.get_one(AnswerCard, card_id)
        services.edit(
            held,
            title=title or held.title,
            source=source,
            tag_ids=[],
            resource_ids=[],
            article_ids=[],
            by=db.session.get_one(Account, by_id),
            version=held.version,
        )


def only_question() -> Comment:
    return db.session.query(Comment).one()


def test_the_asker_hears_of_a_change_with_the_new_words_and_ways_out(
    card: AnswerCard, later: Callable[[], list[str]], mails: MailServer, client: Browser
) -> None:
    edit(card, OTHER)
    assert later() == ["ines@example.com"]
    (message,) = mails.messages
    assert str(message["Subject"]).strip() == "Changed: Clicking hips"
    assert "See somebody who looks at your hip" in text_of(message).replace("\n    ", " ")
    assert f"/asked/{only_question().id}/" in link_below(message, "/asked/")
    assert any("/unsubscribe/" in link and "/cards/" in link for link in links(message))
    assert message["List-Unsubscribe"]


def test_another_title_is_a_change_and_a_mended_word_is_none(
    card: AnswerCard, later: Callable[[], list[str]]
) -> None:
    edit(card, LONG.replace("quiet", "silent"))
    assert later() == []
    edit(card, card.source, title="Hips that click")
    assert later() == ["ines@example.com"]


def test_several_edits_in_a_row_are_one_mail_and_the_next_day_another(
    card: AnswerCard, later: Callable[[], list[str]], clock: time_machine.Traveller
) -> None:
    edit(card, OTHER)
    clock.shift(timedelta(minutes=5))
    edit(card, f"{OTHER} Rest it until then, and walk as far as it is easy for you to walk.")
    assert later() == ["ines@example.com"]
    assert later() == []
    edit(card, LONG)
    assert later() == ["ines@example.com"]


def test_an_edit_that_was_taken_back_at_once_is_told_to_nobody(
    card: AnswerCard, later: Callable[[], list[str]]
) -> None:
    edit(card, OTHER)
    edit(card, LONG)
    assert later() == []


def test_who_has_the_question_too_follows_as_well_and_each_person_once(
    card: AnswerCard, later: Callable[[], list[str]]
) -> None:
    reader = make_account("reader", email="jo@example.com")
    question = only_question()
    second = make_question("My hip clicks.", account=reader)
    make_link(card, second)
    for row in (
        MeToo(comment_id=question.id, account_id=reader.id, address_id=reader.address_id),
        MeToo(comment_id=question.id, address_id=make_address("ada@example.com", proven=True).id),
        MeToo(comment_id=question.id, address_id=make_address("typed@example.com").id),
    ):
        db.session.add(row)
    db.session.commit()
    later()
    edit(card, OTHER)
    assert later() == ["ada@example.com", "ines@example.com", "jo@example.com"]


def test_a_mail_that_could_not_be_sent_goes_to_the_address_that_its_reader_has_now(
    card: AnswerCard, later: Callable[[], list[str]], mails: MailServer
) -> None:
    reader, new = make_account(email="jo@example.com"), make_address("jo@example.org", proven=True)
    only_question().account = reader
    db.session.commit()
    mails.answers.append("452 the mailbox is full")
    edit(card, OTHER)
    assert later() == []
    reader.address = new
    db.session.commit()
    assert later() == ["jo@example.org"]


def test_a_guest_whose_address_is_not_proven_follows_nothing(
    app: Flask, clock: time_machine.Traveller, later: Callable[[], list[str]]
) -> None:
    card = make_card(text=LONG)
    question = make_question(address=make_address("typed@example.com"))
    make_link(card, question)
    later()
    edit(card, OTHER)
    assert later() == []
    prove(question.address)
    edit(card, LONG)
    assert later() == ["typed@example.com"]


@pytest.mark.parametrize("left", ["no help", "unlinked", "hidden", "withdrawn from", "shut out"])
def test_who_follows_it_no_more_when_the_mail_would_go_hears_nothing(
    card: AnswerCard, later: Callable[[], list[str]], left: str
) -> None:
    question = only_question()
    edit(card, OTHER)
    (link,) = db.session.query(type(make_link(card, make_question()))).filter_by(
        comment_id=question.id
    )
    if left == "no help":
        link.helped = False
    elif left == "unlinked":
        db.session.delete(link)
    elif left == "hidden":
        question.status = Status.REJECTED
    elif left == "withdrawn from":
        question.address_id = None
    else:
        question.account = make_account("reader", email="off@example.com", disabled=True)
    db.session.commit()
    assert later() == []


def test_whoever_changed_the_card_is_not_told_of_it(
    card: AnswerCard, later: Callable[[], list[str]]
) -> None:
    make_link(card, make_question(account=card.owner))
    later()
    edit(card, OTHER)
    assert later() == ["ines@example.com"]


def test_who_unsubscribed_from_changes_still_hears_of_answers(
    card: AnswerCard, later: Callable[[], list[str]], mails: MailServer, client: Browser
) -> None:
    edit(card, OTHER)
    later()
    (link,) = [one for one in links(mails.messages[0]) if "/unsubscribe/" in one]
    path = link.removeprefix("https://questions.example.org")
    assert "Answers that you were given change" in client.get(path).text
    client.submit(path)
    edit(card, LONG)
    assert later() == []


def test_who_was_linked_after_the_change_reads_it_anyway(
    card: AnswerCard, later: Callable[[], list[str]]
) -> None:
    edit(card, OTHER)
    make_link(card, make_question(address=make_address("new@example.com", proven=True)))
    assert later() == ["ines@example.com"]
