"""What is kept beside a card follows what happens to its questions, its links and who asks."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.comments import card_counts, cards, me_too
from app.domains.comments.events import MeTooChanged
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment, MeToo
from app.domains.moderation import services as desk
from app.domains.moderation.services import Decision, Verb
from app.infra.db import db
from app.infra.events import record
from app.infra.jobs import Job
from app.infra.kept.models import PageMark
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.factories import make_card, make_link, make_question

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def moderator() -> Account:
    return factories.make_account(Role.MODERATOR)


def kept(card_id: int) -> tuple[int, int, int]:
    """People, questions and askers it did not help, as the database has them."""
    db.session.expire_all()
    card = db.session.get_one(AnswerCard, card_id)
    return card.people, card.questions, card.not_helped


def decide(comment: Comment, verb: Verb, by: Account) -> None:
    with unit_of_work():
        desk.decide(comment, Decision(verb, by, reason="Not here"), version=comment.version)


def marks() -> dict[str, int]:
    rows = db.session.execute(select(PageMark.name, PageMark.version))
    return {row.name: row.version for row in rows}


def link_of(card: AnswerCard) -> CardLink:
    return db.session.scalars(select(CardLink).where(CardLink.card_id == card.id)).one()


def test_a_card_is_counted_when_it_answers_a_question_and_when_it_does_no_more(
    moderator: Account,
) -> None:
    card, question = make_card(), make_question()
    with unit_of_work():
        cards.answer_with(question, card, by=moderator, how=factories.How.DESK)
    assert kept(card.id) == (1, 1, 0)
    with unit_of_work():
        cards.take_back(link_of(card), by=moderator)
    assert kept(card.id) == (0, 0, 0)


def test_what_the_asker_says_of_a_card_counts_at_once_and_back_again() -> None:
    card = make_card()
    link = make_link(card, make_question())
    with unit_of_work():
        cards.say_helped(link, helped=False)
    assert kept(card.id) == (0, 0, 1)
    with unit_of_work():
        cards.say_helped(link_of(card), helped=True)
    assert kept(card.id) == (1, 1, 0)


def test_v05_a_hidden_question_leaves_the_count_and_comes_back_with_it(
    moderator: Account,
) -> None:
    card, question = make_card(), make_question()
    make_link(card, question)
    decide(question, Verb.REJECT, moderator)
    assert kept(card.id) == (0, 0, 0)
    decide(db.session.get_one(Comment, question.id), Verb.APPROVE, moderator)
    assert kept(card.id) == (1, 1, 0)


def test_who_has_the_question_too_counts_until_they_take_it_back() -> None:
    card, question, address = make_card(), make_question(), factories.make_address()
    make_link(card, question)
    reader = Person(None, frozenset({address.id}))
    with unit_of_work():
        assert me_too.say(question, reader)
    assert kept(card.id) == (2, 1, 0)
    with unit_of_work():
        assert me_too.take_back(db.session.get_one(Comment, question.id), reader)
    assert kept(card.id) == (1, 1, 0)


def test_a_card_with_many_links_is_counted_by_a_job_and_not_at_every_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card, question, address = make_card(), make_question(), factories.make_address()
    make_link(card, question)
    monkeypatch.setattr(card_counts, "AT_ONCE", 0)
    for reader in (address, factories.make_address()):
        with unit_of_work():
            person = Person(None, frozenset({reader.id}))
            me_too.say(db.session.get_one(Comment, question.id), person)
    waiting = db.session.scalars(select(Job).where(Job.kind == card_counts.JOB)).all()
    assert [job.payload for job in waiting] == [{"card_id": card.id}]
    assert kept(card.id) == (1, 1, 0)
    card_counts.run(waiting[0])
    assert kept(card.id) == (3, 1, 0)


def test_an_article_that_goes_has_all_cards_counted(moderator: Account) -> None:
    card, other, question = make_card(), make_card(), make_question()
    make_link(card, question)
    make_link(other, make_question())
    article = db.session.get_one(Article, question.article_id)
    with unit_of_work():
        articles.unpublish(article, by=moderator)
    job = db.session.scalars(select(Job).where(Job.kind == card_counts.JOB)).one()
    card_counts.run(job)
    assert (kept(card.id), kept(other.id)) == ((0, 0, 0), (1, 1, 0))


def test_a_new_count_is_drawn_in_lists_and_leaves_every_other_page_as_it_is() -> None:
    card, question = make_card(), make_question()
    make_link(card, question)
    db.session.delete(link_of(card))
    db.session.commit()
    before = marks()
    with unit_of_work():
        assert card_counts.count_card(card.id)
    assert {name for name, version in marks().items() if version != before.get(name)} == {"threads"}


def test_the_page_of_a_question_says_the_new_number_once_it_is_counted() -> None:
    card, question, address = make_card(), make_question(), factories.make_address()
    make_link(card, question)
    mark = f"article:{question.article_id}"
    db.session.add(MeToo(comment_id=question.id, address_id=address.id))
    db.session.commit()
    before = marks()[mark]
    with unit_of_work():
        record(MeTooChanged(question.id))
    assert kept(card.id) == (2, 1, 0)
    assert marks()[mark] > before


def test_counting_again_what_is_right_writes_nothing() -> None:
    card = make_card()
    make_link(card, make_question())
    with unit_of_work():
        assert not card_counts.count_card(card.id)


def test_a_card_that_is_gone_is_not_counted() -> None:
    with unit_of_work():
        assert not card_counts.count_card(404)
