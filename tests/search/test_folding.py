"""Questions that a card answers stand for the card."""

from __future__ import annotations

import pytest

from app.infra import clock
from app.search.alike import Alike
from app.search.folding import folded
from tests.factories import make_card, make_link, make_question

pytestmark = pytest.mark.usefixtures("app")


def found(kind: str, ref: int, score: float = 0.5) -> Alike:
    return Alike(
        kind=kind,
        ref=ref,
        title="As found",
        href="/somewhere",
        score=score,
        by_words=score,
        by_meaning=0.0,
        because=("clicks",),
        tags=(),
    )


def test_the_card_stands_in_the_place_of_its_question_with_the_same_reason() -> None:
    card = make_card("Why the hip clicks")
    question = make_question()
    make_link(card, question)
    (one,) = folded([found("question", question.id)])
    assert (one.kind, one.ref, one.title, one.href) == ("card", card.id, card.title, card.href)
    assert one.because == ("clicks",)


def test_several_questions_of_one_card_are_one_card() -> None:
    card = make_card()
    questions = [make_question() for _ in range(3)]
    for question in questions:
        make_link(card, question)
    shown = folded([found("question", one.id) for one in questions] + [found("card", card.id)])
    assert [(one.kind, one.ref) for one in shown] == [("card", card.id)]


def test_the_order_stays() -> None:
    card = make_card()
    question = make_question()
    make_link(card, question)
    shown = folded([found("article", 7), found("question", question.id), found("resource", 9)])
    assert [one.kind for one in shown] == ["article", "card", "resource"]


def test_a_card_that_did_not_help_or_is_retired_stands_for_nothing() -> None:
    refused, retired = make_question(), make_question()
    make_link(make_card(), refused, helped=False)
    make_link(make_card(retired_at=clock.now()), retired)
    shown = folded([found("question", refused.id), found("question", retired.id)])
    assert [one.kind for one in shown] == ["question", "question"]


def test_a_card_that_the_asker_reads_already_is_left_out() -> None:
    card = make_card()
    question = make_question()
    make_link(card, question)
    assert folded([found("question", question.id)], without={("card", card.id)}) == []
