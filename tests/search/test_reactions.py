"""The index follows what happens, in the transaction in which it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from app.domains.answers import keeping
from app.domains.answers import services as cards
from app.domains.answers.models import AnswerCard
from app.domains.articles.events import ArticleChanged, ArticlePublished, ArticleRemoved
from app.domains.articles.states import ArticleStatus
from app.domains.comments import mending, moves
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.resources import services as resources
from app.domains.tags import services as tags
from app.infra.db import db
from app.infra.events import record
from app.infra.unit_of_work import unit_of_work
from app.search import services
from app.search.models import SearchDocument
from app.search.queries import search
from app.search.wires import LATER, REACTIONS
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.queries import Counted
from tests.support.reactions import together


@pytest.fixture(autouse=True)
def _only_the_index_reacts(app: Flask) -> Iterator[None]:
    app.extensions["reactions"] = together(REACTIONS, LATER)
    yield
    db.session.rollback()


def test_a_card_is_found_until_it_is_retired_and_again_when_it_is_back() -> None:
    with unit_of_work():
        card = cards.create("The bridge", "Slide the heels closer.", by=None)
    assert indexed() == {("card", card.id)}
    with unit_of_work():
        keeping.retire(db.session.get_one(AnswerCard, card.id), by=None)
    assert indexed() == set()
    with unit_of_work():
        keeping.restore(db.session.get_one(AnswerCard, card.id), by=None)
    assert search("heels").hits[0].ref == card.id


def indexed() -> set[tuple[str, int]]:
    return {
        (kind, ref)
        for kind, ref in db.session.execute(select(SearchDocument.kind, SearchDocument.ref))
    }


def move(comment_id: int, to: Status) -> None:
    moderator = make_account("moderator")
    with unit_of_work():
        comment = db.session.get_one(Comment, comment_id)
        moves.move(comment, to, act="test", by=db.session.merge(moderator))


def test_an_approved_question_is_found_and_a_hidden_one_is_not() -> None:
    question_id = make_question("Does the zanzibar click?", status=Status.PENDING).id
    assert search("zanzibar").total == 0
    move(question_id, Status.APPROVED)
    assert search("zanzibar").total == 1
    move(question_id, Status.REJECTED)
    assert search("zanzibar").total == 0
    move(question_id, Status.APPROVED)
    assert search("zanzibar").total == 1


def test_an_approved_reply_is_found_in_its_question() -> None:
    question_id = make_question().id
    move_me = make_comment(
        "It is the zanzibar.", parent=db.session.get_one(Comment, question_id),
        status=Status.PENDING,
    ).id  # fmt: skip
    move(move_me, Status.APPROVED)
    assert [hit.ref for hit in search("zanzibar").hits] == [question_id]
    move(move_me, Status.SPAM)
    assert search("zanzibar").total == 0


def test_a_question_that_becomes_a_comment_leaves_the_index_and_gives_its_answers_up() -> None:
    upper_id = make_question("Upper?").id
    lower = make_question("Lower?", parent=db.session.get_one(Comment, upper_id))
    make_answer(lower, "It is the zanzibar.")
    move(lower.id, Status.REJECTED)
    move(lower.id, Status.APPROVED)
    assert [hit.ref for hit in search("zanzibar").hits] == [lower.id]
    author = make_account("moderator")
    with unit_of_work():
        comment = db.session.get_one(Comment, lower.id)
        mending.change_kind(comment, Kind.COMMENT, by=db.session.merge(author))
    assert [hit.ref for hit in search("zanzibar").hits] == [upper_id]


def test_what_is_rolled_back_was_never_indexed() -> None:
    question_id = make_question("Zanzibar?", status=Status.PENDING).id

    def fail_after_moving() -> None:
        with unit_of_work():
            comment = db.session.get_one(Comment, question_id)
            moves.move(comment, Status.APPROVED, act="test", by=None)
            db.session.flush()
            raise RuntimeError("the light went out")

    with pytest.raises(RuntimeError):
        fail_after_moving()
    assert indexed() == set()


@pytest.mark.parametrize("event", [ArticlePublished, ArticleChanged])
def test_a_published_article_is_found_with_its_questions(event: type) -> None:
    question = make_question()
    keys = {("article", question.article_id), ("question", question.id)}
    article_id = question.article_id
    with unit_of_work():
        record(event(article_id))
    assert indexed() == keys


def test_a_removed_article_takes_its_questions_along() -> None:
    question = make_question()
    article = question.article
    with unit_of_work():
        record(ArticlePublished(article.id))
    with unit_of_work():
        article.status = ArticleStatus.DRAFT
        record(ArticleRemoved(article.id))
    assert indexed() == set()


def test_a_resource_is_found_until_it_is_removed() -> None:
    written = resources.ResourceText(
        kind=resources.ResourceKind.EXERCISE, title="Zanzibar stand", source="Stand."
    )
    with unit_of_work():
        resource = resources.add_resource(written)
    assert search("zanzibar").total == 1
    with unit_of_work():
        resources.remove_resource(db.session.merge(resource))
    assert indexed() == set()


def test_a_tags_new_synonym_finds_what_already_carries_it() -> None:
    tag = make_tag("hip")
    resource = make_resource("Side lying lift", tags=[tag])
    article = make_article("Another", tags=[tag])
    with unit_of_work():
        tags.edit_tag(db.session.merge(tag), name="hip", synonyms=["zanzibar"])
    assert {(hit.kind, hit.ref) for hit in search("zanzibar").hits} == {
        ("resource", resource.id),
        ("article", article.id),
    }


def test_indexing_costs_the_same_however_many_answers_there_are(
    count_queries: Callable[[], AbstractContextManager[Counted]],
) -> None:
    question = make_question()
    answer = make_answer(question)

    def cost() -> int:
        with count_queries() as counted:
            services.index_question(question.id)
        return counted.total

    with_one = cost()
    for _ in range(10):
        make_comment("Me too.", parent=answer)
    assert cost() <= with_one


@pytest.mark.one_database("postgresql")
def test_r12_two_answers_published_at_once_are_both_found(app: Flask) -> None:
    question = make_question()
    first = make_answer(question, "The zanzibar.")
    second = make_answer(question, "The pemba.")
    question_id, second_id = question.id, second.id
    db.session.execute(update(Comment).values(status=Status.PENDING))
    question.status = Status.APPROVED
    db.session.commit()
    first.status = Status.APPROVED
    services.index_question(question_id)

    def publish_second() -> None:
        with app.app_context():
            db.session.get_one(Comment, second_id).status = Status.APPROVED
            db.session.flush()
            services.index_question(question_id)
            db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor() as pool:
        done = pool.submit(publish_second)
        waits_for_the_first = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        deadline = monotonic() + 60
        while not db.session.scalar(waits_for_the_first):
            assert monotonic() < deadline
        db.session.commit()
        done.result(timeout=60)
    assert search("zanzibar").total == 1
    assert search("pemba").total == 1
