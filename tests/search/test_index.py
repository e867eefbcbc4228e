"""The index holds what everyone may read, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.cli.searching import search
from app.domains.articles.models import Article
from app.domains.articles.states import ArticleStatus
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.resources.models import Resource
from app.domains.tags.events import TagChanged
from app.domains.tags.models import TagSynonym
from app.infra import clock
from app.infra.db import db
from app.search import services, tagging
from app.search.models import SearchDocument
from app.search.rebuild import everything, reindex_all
from tests.factories import (
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)

pytestmark = pytest.mark.usefixtures("app")

HIDDEN = (Status.PENDING, Status.SPAM, Status.REJECTED, Status.WITHDRAWN, Status.DELETED)
CANARY = "zanzibarcanary"


def document(kind: str, ref: int) -> SearchDocument | None:
    db.session.expire_all()
    return db.session.scalar(
        select(SearchDocument).where(SearchDocument.kind == kind, SearchDocument.ref == ref)
    )


def body(kind: str, ref: int) -> str:
    found = document(kind, ref)
    assert found is not None
    return found.body


def rows() -> list[tuple[object, ...]]:
    columns = (SearchDocument.kind, SearchDocument.ref, SearchDocument.body, SearchDocument.tags)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(*columns))]


def test_a_published_article_is_indexed_with_its_words_and_tags() -> None:
    tag = make_tag("snapping hip", synonyms=["hip clicks"])
    article = make_article("On hips", text="Some *strong* words.", summary="Short.", tags=[tag])
    services.index_article(article.id)
    found = document("article", article.id)
    assert found is not None
    assert (found.title, found.body) == ("On hips", "Short. Some strong words.")
    assert found.tags.split("\n") == ["snapping hip", "hip clicks"]
    assert found.visible_from == article.published_at


def test_indexing_twice_leaves_one_row() -> None:
    article = make_article()
    services.index_article(article.id)
    services.index_article(article.id)
    assert len(db.session.scalars(select(SearchDocument)).all()) == 1


def test_an_article_made_a_draft_again_leaves_the_index_with_its_questions() -> None:
    article = make_article()
    question = make_question(article=article)
    services.index_article(article.id)
    services.index_question(question.id)
    article.status = ArticleStatus.DRAFT
    services.index_article(article.id)
    services.index_questions_under(article.id)
    assert document("article", article.id) is None
    assert document("question", question.id) is None


def test_an_article_published_again_brings_its_questions_back() -> None:
    question = make_question(article=make_article())
    services.index_questions_under(question.article_id)
    assert document("question", question.id) is not None


def test_a_question_waits_for_the_time_of_its_article() -> None:
    question = make_question(article=make_article())
    services.index_question(question.id)
    tomorrow = clock.now() + timedelta(days=1)
    question.article.published_at = tomorrow
    services.index_questions_under(question.article_id)
    found = document("question", question.id)
    assert found is not None
    assert found.visible_from == tomorrow


def test_questions_of_an_article_that_is_gone_leave_the_index() -> None:
    question = make_question()
    services.index_question(question.id)
    article_id, question_id = question.article_id, question.id
    db.session.execute(delete(Comment))
    db.session.delete(question.article)
    services.index_article(article_id)
    services.index_questions_under(article_id)
    assert document("question", question_id) is None


def test_a_removed_resource_leaves_the_index() -> None:
    resource = make_resource("Single leg stand")
    services.index_resource(resource.id)
    resource_id = resource.id
    assert document("resource", resource_id) is not None
    db.session.execute(delete(Resource))
    services.index_resource(resource_id)
    assert document("resource", resource_id) is None


def test_a_question_carries_its_published_answers() -> None:
    question = make_question()
    make_answer(question, "A tendon slides over the bone.")
    services.index_question(question.id)
    assert "A tendon slides over the bone." in body("question", question.id)


@pytest.mark.parametrize("status", HIDDEN)
def test_v03_a_hidden_question_is_not_indexed(status: Status) -> None:
    question = make_question(CANARY, status=status)
    services.index_question(question.id)
    assert document("question", question.id) is None


@pytest.mark.parametrize("status", HIDDEN)
def test_v03_a_hidden_answer_is_not_in_its_question(status: Status) -> None:
    question = make_question()
    make_comment(CANARY, parent=question, status=status)
    services.index_question(question.id)
    assert CANARY not in body("question", question.id)


def test_a_comment_that_asks_nothing_is_not_indexed() -> None:
    comment = make_comment()
    services.index_question(comment.id)
    assert document("question", comment.id) is None


def test_a_changed_tag_is_found_by_its_new_words() -> None:
    tag = make_tag("hip")
    question = make_question(tags=[tag])
    resource = make_resource(tags=[tag])
    article = make_article(tags=[tag])
    tagging.tag_changed(TagChanged(tag.id))
    tag.synonyms = [TagSynonym(phrase="hip clicks")]
    tagging.tag_changed(TagChanged(tag.id))
    for kind, ref in (
        ("question", question.id),
        ("resource", resource.id),
        ("article", article.id),
    ):
        found = document(kind, ref)
        assert found is not None
        assert found.tags.split("\n") == ["hip", "hip clicks"]


@pytest.mark.parametrize("letter", ["\U0001f600", "\U00020000", "é", "a"])
def test_d07_the_longest_text_still_fits_the_index(letter: str) -> None:
    words = " ".join(f"{letter * 3}{number:x}-{letter * 3}{number:x}" for number in range(40_000))
    article = make_article(text="Short.")
    article.html = f"<p>{words}</p>"
    services.index_article(article.id)
    assert len(body("article", article.id)) <= services.LONGEST_BODY


def test_the_rebuilt_index_equals_the_one_kept_in_step() -> None:
    question = make_question(tags=[make_tag("hip")])
    make_answer(question)
    make_question(status=Status.PENDING)
    make_article(status=ArticleStatus.DRAFT)
    resource = make_resource()
    for article_id in db.session.scalars(select(Article.id)):
        services.index_article(article_id)
    services.index_question(question.id)
    services.index_resource(resource.id)
    kept_in_step = rows()
    db.session.execute(delete(SearchDocument))
    db.session.commit()
    reindex_all()
    assert rows() == kept_in_step


def test_rebuilding_forgets_what_is_gone() -> None:
    resource = make_resource()
    services.index_resource(resource.id)
    db.session.delete(resource)
    db.session.commit()
    told: list[int] = []
    assert reindex_all(told.append) == 1
    assert told == [1]
    assert everything() == []


def test_reindex_command_fills_the_index(app: Flask) -> None:
    article = make_article()
    answer = app.test_cli_runner().invoke(search, ["reindex"])
    assert answer.exit_code == 0, answer.output
    assert document("article", article.id) is not None
