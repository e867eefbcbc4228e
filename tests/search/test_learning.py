"""Links of cards teach the words that readers use; a yes finds the tag in what is there already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select
from time_machine import Traveller

from app.domains.accounts.models import Account
from app.domains.answers import linking
from app.domains.answers.models import AnswerCard, CardLink, card_tag
from app.domains.answers.states import How
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Status
from app.domains.tags import proposals, services
from app.domains.tags.models import PhraseProposal, Tag
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import alike, learning, reading, rebuild, tagging
from app.search.queries import search
from tests.factories import make_account, make_address, make_article, make_question, make_tag

Deliver = Callable[[], int]
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def clock(clock: Traveller) -> Traveller:
    return clock


@pytest.fixture
def hip(app: Flask) -> Tag:
    article = make_article()
    for number in range(12):
        make_question(f"Which shoes for flat feet, number {number}?", article=article)
    return make_tag("Hip clicking")


def make_card(tag: Tag) -> AnswerCard:
    card = AnswerCard(slug="tendon", title="It is a tendon", source="It is.", html="<p>It is.</p>")
    db.session.add(card)
    db.session.flush()
    db.session.execute(insert(card_tag).values(card_id=card.id, tag_id=tag.id))
    db.session.commit()
    return card


def link(card: AnswerCard, question: Comment) -> int:
    card_id, question_id = card.id, question.id
    with unit_of_work():
        made = linking.link(
            db.session.get_one(AnswerCard, card_id),
            question_id,
            How.AUTHOR,
            by=db.session.scalar(select(Account)),
        )
        return made.id


def unlink(link_id: int) -> None:
    with unit_of_work():
        linking.unlink(db.session.get_one(CardLink, link_id), by=db.session.scalar(select(Account)))


def learnt(deliver: Deliver, clock: Traveller) -> dict[str, int]:
    """What is proposed after the jobs ran, with the number of people."""
    clock.shift(LATER)
    deliver()
    db.session.rollback()
    rows = db.session.execute(
        select(PhraseProposal.phrase, PhraseProposal.seen).where(PhraseProposal.state == "open")
    )
    return {row.phrase: row.seen for row in rows}


def questions(number: int = 3) -> list[Comment]:
    return [make_question(f"Is my popping hip bad, number {n}?") for n in range(number)]


def test_words_of_three_linked_questions_are_proposed(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card = make_card(hip)
    asked = questions()
    for question in asked[:2]:
        link(card, question)
    assert learnt(deliver, clock) == {}
    link(card, asked[2])
    assert learnt(deliver, clock)["popping hip"] == 3


def test_one_person_who_asks_three_times_teaches_nothing(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card, address = make_card(hip), make_address()
    for number in range(3):
        link(card, make_question(f"Is my popping hip bad, {number}?", address=address))
    assert learnt(deliver, clock) == {}


def test_a_link_that_is_taken_back_is_unlearnt(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card = make_card(hip)
    links = [link(card, question) for question in questions()]
    assert "popping hip" in learnt(deliver, clock)
    unlink(links[0])
    assert learnt(deliver, clock) == {}


def test_a_declined_phrase_never_comes_back(hip: Tag, deliver: Deliver, clock: Traveller) -> None:
    card, by = make_card(hip), make_account("moderator")
    for question in questions():
        link(card, question)
    learnt(deliver, clock)
    decide([], [row.id for row in proposals.waiting()], by)
    link(card, make_question("Is my popping hip bad, once more?"))
    assert learnt(deliver, clock) == {}


def decide(yes: list[int], no: list[int], by: Account) -> None:
    by_id = by.id
    with unit_of_work():
        proposals.decide(yes, no, db.session.get_one(Account, by_id))


def test_an_accepted_phrase_is_a_synonym_and_finds_the_tag_in_what_is_there_already(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card, by = make_card(hip), make_account("moderator")
    for question in questions():
        link(card, question)
    old = make_question("What about this popping hip?")
    waits = make_question("Another popping hip?", status=Status.PENDING)
    learnt(deliver, clock)
    decide([row.id for row in proposals.waiting() if row.phrase == "popping hip"], [], by)
    assert [one.phrase for one in db.session.get_one(Tag, hip.id).synonyms] == ["popping hip"]
    clock.shift(LATER)
    deliver()
    db.session.rollback()
    for question in (old, waits):
        tags = db.session.scalars(
            select(CommentTag.tag_id).where(CommentTag.comment_id == question.id)
        ).all()
        assert tags == [hip.id]


def test_an_accepted_phrase_widens_what_a_question_is_held_against_at_once(
    hip: Tag,
) -> None:
    """Not a word of the question stands in the card; the tag alone ties them."""
    make_card(hip)
    row = PhraseProposal(tag_id=hip.id, phrase="crepitus", seen=6)
    db.session.add(row)
    db.session.commit()
    rebuild.reindex_all()
    reading.read_waiting()
    asked = "What is crepitus?"
    before = alike.alike(asked, kinds=["card"])
    decide([row.id], [], make_account("moderator"))
    reading.read_waiting()
    assert before == []
    assert [one.title for one in alike.alike(asked, kinds=["card"])] == ["It is a tendon"]


def test_a_phrase_that_another_tag_is_called_by_now_stays_as_it_is(hip: Tag) -> None:
    row = PhraseProposal(tag_id=hip.id, phrase="popping hip", seen=4)
    db.session.add(row)
    db.session.commit()
    make_tag("Popping hip")
    decide([row.id], [], make_account("moderator"))
    assert [one.phrase for one in proposals.waiting()] == ["popping hip"]
    assert db.session.get_one(Tag, hip.id).synonyms == []


def test_a_taken_back_phrase_is_no_synonym_and_waits_again(hip: Tag, app: Flask) -> None:
    by = make_account("moderator")
    row = PhraseProposal(tag_id=hip.id, phrase="popping hip", seen=4)
    db.session.add(row)
    db.session.commit()
    decide([row.id], [], by)
    with unit_of_work():
        proposals.take_back(
            db.session.get_one(PhraseProposal, row.id), db.session.get_one(Account, by.id)
        )
    assert db.session.get_one(Tag, hip.id).synonyms == []
    assert [one.phrase for one in proposals.waiting()] == ["popping hip"]


def test_examples_are_questions_that_everybody_may_read(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card = make_card(hip)
    asked = questions(4)
    for question in asked:
        link(card, question)
    asked[0].status = Status.PENDING
    db.session.commit()
    learnt(deliver, clock)
    row = next(one for one in proposals.waiting() if one.phrase == "popping hip")
    shown = {question.id for question in learning.examples([row])[row.id]}
    assert shown == {question.id for question in asked[1:]}


def test_a_question_that_somebody_tagged_by_hand_keeps_its_tags(
    app: Flask, deliver: Deliver
) -> None:
    hip, knee = make_tag("Hip"), make_tag("Knee")
    question = make_question("My popping joint hurts.", tags=[knee])
    with unit_of_work():
        services.edit_tag(hip, name="Hip", slug="hip", synonyms=["popping joint"])
    deliver()
    db.session.expire_all()
    assert [tag.tag_id for tag in question.tags] == [knee.id]


def test_a_question_loses_a_tag_whose_words_it_does_not_have_any_more(
    app: Flask, deliver: Deliver
) -> None:
    hip = make_tag("Hip", synonyms=["popping joint"])
    question = make_question("My popping joint hurts.")
    question.tags = [CommentTag(tag_id=hip.id, words="popping joint")]
    db.session.commit()
    with unit_of_work():
        services.edit_tag(hip, name="Hip", slug="hip", synonyms=[])
    deliver()
    db.session.expire_all()
    assert question.tags == []


def test_what_many_things_carry_is_indexed_by_a_job(
    app: Flask, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "AT_ONCE", 1)
    hip = make_tag("Hip")
    for number in range(3):
        make_question(f"Something else, number {number}?", tags=[hip])
    with unit_of_work():
        services.edit_tag(hip, name="Hip", slug="hip", synonyms=["zyzzyva"])
    assert search("zyzzyva").total == 0
    deliver()
    db.session.rollback()
    assert search("zyzzyva").total == 3


def test_names_of_those_who_ask_and_of_whom_they_greet_are_never_proposed(
    hip: Tag, deliver: Deliver, clock: Traveller
) -> None:
    card = make_card(hip)
    article = make_article(author=make_account("author", name="Maria Berg"))
    for number in range(3):
        text = f"Hello Maria, is my popping hip bad, {number}? Yours, Ivar"
        link(card, make_question(text, article=article, name="Ivar"))
    found = " ".join(learnt(deliver, clock))
    assert "popping hip" in found
    assert "maria" not in found
    assert "ivar" not in found


@pytest.mark.parametrize(("language", "is_learnt"), [("sv", False), ("en", True), ("", True)])
def test_words_of_another_language_than_the_sites_are_not_proposed(
    hip: Tag, deliver: Deliver, clock: Traveller, language: str, is_learnt: bool
) -> None:
    card = make_card(hip)
    for number in range(3):
        link(card, make_question(f"Knäppande höft, {number}?", language=language))
    assert bool(learnt(deliver, clock)) is is_learnt
