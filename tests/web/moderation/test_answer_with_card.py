"""Approving a question and answering it with a card, in one act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.answers import services as card_services
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra.db import db
from tests.factories import make_account, make_comment
from tests.support.client import Browser

JSON = {"Accept": "application/json"}


@pytest.fixture
def card() -> AnswerCard:
    made = card_services.create("Clicking hips", source="A tendon.", by=make_account("author"))
    db.session.commit()
    return made


@pytest.fixture
def desk(as_: Callable[[Account], Browser]) -> Browser:
    return as_(make_account("moderator"))


def waiting(**columns: object) -> Comment:
    return make_comment(
        "Why does it click?",
        kind=Kind.QUESTION,
        title="Why does it click?",
        status=Status.PENDING,
        **columns,
    )


def act(desk: Browser, path: str, **fields: Any) -> TestResponse:
    """As the script sends it."""
    sent = {"csrf_token": desk.csrf_token(), **fields}
    return desk.post(path, data=sent, headers=JSON)


def fields(question: Comment, card: AnswerCard) -> dict[str, str]:
    return {
        "item": f"{question.id}:{question.version}",
        "verb": "approve",
        "card": str(card.id),
    }


def links() -> list[tuple[int, int]]:
    db.session.expire_all()
    return [(one.comment_id, one.card_id) for one in db.session.query(CardLink)]


def test_one_act_lets_it_in_and_answers_it(desk: Browser, card: AnswerCard) -> None:
    question = waiting()
    answer = act(desk, "/moderation/decide", **fields(question, card))
    assert answer.status_code == 200
    assert answer.get_json()["words"] == "One text approved and answered with “Clicking hips”."
    db.session.expire_all()
    assert question.status == Status.APPROVED
    assert links() == [(question.id, card.id)]


def test_one_undo_takes_both_back(desk: Browser, card: AnswerCard) -> None:
    question = waiting()
    told = act(desk, "/moderation/decide", **fields(question, card)).get_json()
    back = act(desk, "/moderation/undo", entry=told["undo"])
    assert back.status_code == 200
    db.session.expire_all()
    assert question.status == Status.PENDING
    assert links() == []


def test_a_card_that_is_gone_leaves_the_question_waiting(desk: Browser, card: AnswerCard) -> None:
    question = waiting()
    sent = {**fields(question, card), "card": "999"}
    assert act(desk, "/moderation/decide", **sent).status_code == 404
    db.session.expire_all()
    assert question.status == Status.PENDING


def test_a_red_flag_is_not_answered_by_a_card_alone(desk: Browser, card: AnswerCard) -> None:
    question = waiting(red_flag=True)
    answer = act(desk, "/moderation/decide", **fields(question, card))
    assert answer.status_code >= 400
    db.session.expire_all()
    assert question.status == Status.PENDING
    assert links() == []
