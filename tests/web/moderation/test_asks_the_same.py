"""At the desk and in the inbox: a question that asks the same as one that is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_card,
    make_question,
)
from tests.support.client import Browser

As = Callable[[Account], Browser]
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR, name="Ruth"))


@pytest.fixture
def answered(app: object) -> Comment:
    """A question that the author answered in the thread."""
    question = make_question(title="Does a clicking hip wear out?")
    make_answer(question)
    return question


def act(desk: Browser, path: str, **fields: Any) -> TestResponse:
    """As the script sends it."""
    return desk.post(path, data={"csrf_token": desk.csrf_token(), **fields}, headers=JSON)


def decide(desk: Browser, question: Comment, same: object) -> TestResponse:
    fields = {"item": f"{question.id}:{question.version}", "verb": "approve", "same": str(same)}
    return act(desk, "/moderation/decide", **fields)


def answer(desk: Browser, question: Comment, same: object, version: int | None = None) -> Any:
    path = f"/moderation/{question.id}/answer"
    return act(desk, path, same=str(same), version=str(version or question.version))


def linked() -> list[int]:
    db.session.expire_all()
    return list(db.session.scalars(select(CardLink.comment_id).order_by(CardLink.comment_id)))


def test_one_act_lets_a_question_in_and_answers_it_as_the_other_and_one_undo_takes_both_back(
    desk: Browser, answered: Comment
) -> None:
    question = make_question(status=Status.PENDING)
    told = decide(desk, question, answered.id).get_json()
    assert told["words"] == ("One text approved and answered with “Does a clicking hip wear out?”.")
    assert linked() == [answered.id, question.id]
    assert question.status == Status.APPROVED
    assert act(desk, "/moderation/undo", entry=told["undo"]).status_code == 200
    assert linked() == [answered.id]
    assert question.status == Status.PENDING


@pytest.mark.parametrize("typed", ["{id}", "#{id}", "{href}", "https://x.example{href}"])
def test_the_other_question_is_named_by_its_number_or_its_address(
    desk: Browser, answered: Comment, typed: str
) -> None:
    question = make_question()
    same = typed.format(id=answered.id, href=answered.href)
    assert answer(desk, question, same).status_code == 200
    assert linked() == [answered.id, question.id]


@pytest.mark.parametrize("typed", ["", "nothing", "999999", "-1", "9" * 300, "http://[", "\x00"])
def test_what_names_no_question_is_refused_and_lets_nothing_in(desk: Browser, typed: str) -> None:
    question = make_question(status=Status.PENDING)
    refused = decide(desk, question, typed)
    assert refused.status_code in (400, 422)
    assert refused.get_json()["problem"]
    db.session.expire_all()
    assert (question.status, linked()) == (Status.PENDING, [])


def test_an_article_is_no_question(desk: Browser) -> None:
    refused = answer(desk, make_question(), f"/articles/{make_article().slug}")
    assert (refused.status_code, linked()) == (422, [])
    assert "That is an article" in refused.get_json()["problem"]


def test_a_refused_source_leaves_the_question_waiting(desk: Browser) -> None:
    question, other = make_question(status=Status.PENDING), make_question()
    assert decide(desk, question, other.id).status_code == 422
    db.session.expire_all()
    assert question.status == Status.PENDING


@pytest.mark.parametrize("status", [Status.REJECTED, Status.WITHDRAWN])
def test_a_question_that_went_meanwhile_is_left_alone_and_the_desk_hears_why(
    desk: Browser, answered: Comment, status: Status
) -> None:
    question = make_question()
    seen = question.version
    question.status, question.version = status, seen + 1
    db.session.commit()
    late = answer(desk, question, answered.id, seen)
    assert (late.status_code, linked()) == (409, [])
    assert answer(desk, question, answered.id).status_code == 409


def test_the_page_of_a_published_question_offers_it_and_the_row_with_its_key(
    desk: Browser, answered: Comment
) -> None:
    question = make_question()
    page = desk.get(f"/moderation/{question.id}").text
    assert f'action="/moderation/{question.id}/answer"' in page
    waiting = make_question(status=Status.PENDING)
    assert 'data-key="d"' in desk.get("/moderation/").text
    flagged = make_question(status=Status.PENDING, red_flag=True)
    assert 'data-key="d"' in desk.get(f"/moderation/{waiting.id}").text
    assert 'data-key="d"' not in desk.get(f"/moderation/{flagged.id}").text


def test_a_moderator_of_other_sections_links_nothing(as_: As, answered: Comment) -> None:
    reader = as_(make_account(Role.READER))
    assert answer(reader, make_question(), answered.id).status_code in (403, 404)
    assert linked() == []


# In the inbox


def in_inbox(author: Browser, question: Comment, **fields: str) -> TestResponse:
    sent = {"version": str(question.version), **fields}
    return author.submit(f"/author/questions/{question.id}/card", **sent)


def test_the_author_does_the_same_from_the_inbox(as_: As, answered: Comment) -> None:
    author = make_account(Role.AUTHOR)
    question = make_question(article=make_article(author=author))
    browser = as_(author)
    assert f'id="same-{question.id}"' in browser.get("/author/").text
    assert in_inbox(browser, question, same=answered.href).status_code == 303
    assert linked() == [answered.id, question.id]
    assert f'id="same-{question.id}"' not in browser.get("/author/").text


def test_an_author_answers_no_question_under_another_ones_article(
    as_: As, answered: Comment
) -> None:
    question = make_question(article=make_article(author=make_account(Role.ADMIN)))
    moderator = as_(make_account(Role.MODERATOR))
    assert in_inbox(moderator, question, same=str(answered.id)).status_code in (403, 404)
    assert linked() == []


def test_a_page_from_before_the_answer_is_told_so(as_: As, answered: Comment) -> None:
    author = make_account(Role.AUTHOR)
    question = make_question(article=make_article(author=author))
    browser, seen = as_(author), str(question.version)
    assert in_inbox(browser, question, same=str(answered.id)).status_code == 303
    late = in_inbox(browser, question, card=str(make_card().id), version=seen)
    assert (late.status_code, linked()) == (409, [answered.id, question.id])


# At once


def at_once(acts: Sequence[Callable[[], TestResponse]]) -> list[TestResponse]:
    db.session.commit()
    barrier = Barrier(len(acts), timeout=20)

    def run(one: Callable[[], TestResponse]) -> TestResponse:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        answers = list(threads.map(run, acts))
    db.session.rollback()
    return answers


def posting(browser: Browser, path: str, **fields: str) -> Callable[[], TestResponse]:
    data = {"csrf_token": browser.csrf_token(), **fields}
    return lambda: browser.post(path, data=data, headers=JSON)


def test_r12_of_two_moderators_who_link_one_question_at_once_one_wins_and_one_is_told(
    as_: As, answered: Comment
) -> None:
    two = [as_(make_account(Role.MODERATOR, name=name)) for name in ("Ruth", "Tomasz")]
    card = make_card("Clicking hips")
    for _ in range(3):
        question = make_question(status=Status.PENDING)
        item = {"item": f"{question.id}:{question.version}", "verb": "approve"}
        answers = at_once(
            [
                posting(two[0], "/moderation/decide", **item, same=str(answered.id)),
                posting(two[1], "/moderation/decide", **item, card=str(card.id)),
            ]
        )
        assert sorted(one.status_code for one in answers) == [200, 409]
        (told,) = [one.get_json()["problem"] for one in answers if one.status_code == 409]
        assert "meanwhile" in told
        links = db.session.scalars(select(CardLink).where(CardLink.comment_id == question.id))
        assert len(links.all()) == 1
        acts = db.session.scalars(
            select(AuditEntry.act).where(AuditEntry.subject_id == question.id)
        )
        assert sorted(acts) == ["approve", "link card"]


def test_r12_two_questions_named_crosswise_at_once_wait_for_nobody_for_ever(as_: As) -> None:
    two = [as_(make_account(Role.MODERATOR, name=name)) for name in ("Ruth", "Tomasz")]
    for _ in range(3):
        one, other = make_question(), make_question()
        for question in (one, other):
            make_answer(question)
        answers = at_once(
            [
                posting(by, f"/moderation/{mine.id}/answer", same=str(its.id), version="1")
                for by, mine, its in ((two[0], one, other), (two[1], other, one))
            ]
        )
        assert sorted(answer.status_code for answer in answers) in ([200, 200], [200, 409])


def test_r12_one_reply_named_twice_at_once_is_one_card(as_: As, answered: Comment) -> None:
    two = [as_(make_account(Role.MODERATOR, name=name)) for name in ("Ruth", "Tomasz")]
    questions = [make_question(), make_question()]
    answers = at_once(
        [
            posting(by, f"/moderation/{one.id}/answer", same=str(answered.id), version="1")
            for by, one in zip(two, questions, strict=True)
        ]
    )
    assert [answer.status_code for answer in answers] == [200, 200]
    assert db.session.scalar(select(func.count(AnswerCard.id))) == 1
    assert linked() == [answered.id, *(one.id for one in questions)]
