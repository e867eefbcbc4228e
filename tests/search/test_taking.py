"""What the desk and the inbox take of what was found for a question is kept for tuning."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.comments import cards, same_as
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import services, stored
from app.search.alike import Alike
from app.search.models import Outcome, Suggestion
from app.search.wires import LATER, REACTIONS
from tests.factories import make_account, make_card, make_link, make_question, make_resource
from tests.support.reactions import together


@pytest.fixture(autouse=True)
def _only_the_index_reacts(app: Flask) -> None:
    app.extensions["reactions"] = together(REACTIONS, LATER)


def found(kind: str, ref: int) -> Alike:
    return Alike(
        kind=kind,
        ref=ref,
        title="A thing",
        href="/a-thing",
        score=0.7,
        by_words=0.75,
        by_meaning=0.5,
        because=("clicks",),
        tags=(),
    )


def asked(*suggested: tuple[str, int]) -> Comment:
    question = make_question("My hip clicks")
    entries = [asdict(found(*thing)) for thing in suggested]
    db.session.add(Suggestion(comment_id=question.id, found=entries))
    db.session.commit()
    with unit_of_work():
        for kind, ref in suggested:
            index = {"card": services.index_card, "question": services.index_question}
            index.get(kind, services.index_resource)(ref)
    shown = stored.for_comments([question], limit=9)[question.id]
    assert [(one.kind, one.ref) for one in shown] == list(suggested)
    return question


def link(question: Comment, card: AnswerCard, how: How) -> None:
    with unit_of_work():
        fresh = db.session.get_one(Comment, question.id)
        cards.answer_with(fresh, db.session.get_one(AnswerCard, card.id), by=None, how=how)


def noted() -> list[tuple[str, str, int, int, bool]]:
    rows = db.session.scalars(select(Outcome).order_by(Outcome.rank))
    return [(row.place, row.kind, row.ref, row.rank, row.taken) for row in rows]


@pytest.mark.parametrize(("how", "place"), [(How.DESK, "desk"), (How.AUTHOR, "inbox")])
def test_the_card_that_was_linked_is_taken_and_what_stood_beside_it_is_not(
    how: How, place: str
) -> None:
    card, resource = make_card(), make_resource("Hips")
    question = asked(("resource", resource.id), ("card", card.id))
    link(question, card, how)
    assert noted() == [
        (place, "resource", resource.id, 1, False),
        (place, "card", card.id, 2, True),
    ]
    assert {
        (row.by_words, row.by_meaning, row.asked) for row in db.session.scalars(select(Outcome))
    } == {(0.75, 0.5, "My hip clicks")}


def test_another_questions_answer_that_was_given_to_it_is_taken() -> None:
    card, resource, other = make_card(), make_resource("Hips"), make_question("Hips that click")
    make_link(card, other)
    question = asked(("question", other.id), ("resource", resource.id))
    author = make_account("author")
    with unit_of_work():
        same_as.answer_as(
            db.session.get_one(Comment, question.id),
            db.session.get_one(Comment, other.id),
            by=db.session.merge(author),
            how=How.DESK,
        )
    assert [row[1:] for row in noted()] == [
        ("question", other.id, 1, True),
        ("resource", resource.id, 2, False),
    ]


@pytest.mark.parametrize("how", [How.ASKER, How.REACH])
def test_what_the_asker_took_or_reached_back_is_kept_elsewhere(how: How) -> None:
    card = make_card()
    link(asked(("card", card.id)), card, how)
    assert noted() == []


def test_a_card_that_was_not_suggested_says_nothing_of_what_was() -> None:
    card, other = make_card(), make_card("Another card")
    link(asked(("card", card.id)), other, How.AUTHOR)
    assert noted() == []
