"""The author's inbox: what waits, and what it costs to show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import select

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.infra.db import db
from tests.factories import make_account, make_answer, make_article, make_question, make_tag
from tests.support.client import Browser
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]
As = Callable[..., Browser]


def test_only_open_questions_under_ones_own_articles_wait(as_: As) -> None:
    author = make_account(Role.AUTHOR)
    article = make_article(author=author)
    make_question(article=article, title="Is it a tendon?")
    make_answer(make_question(article=article, title="Is it answered?"))
    make_question(title="Is it somebody else's?")
    page = as_(author).get("/author/").text
    assert "Is it a tendon?" in page
    assert "Is it answered?" not in page
    assert "Is it somebody else" not in page


def test_the_inbox_costs_the_same_for_one_question_as_for_twenty(
    as_: As, count_queries: Counting
) -> None:
    author = make_account(Role.AUTHOR)
    article = make_article(author=author)
    make_question(article=article, tags=[make_tag()])
    browser = as_(author)
    with count_queries() as one:
        browser.get("/author/")
    for _ in range(19):
        make_question(article=article, tags=[make_tag()])
    with count_queries() as twenty:
        browser.get("/author/")
    assert twenty.total == one.total, twenty


def test_the_author_answers_what_waits_under_a_closed_article(as_: As) -> None:
    author = make_account(Role.AUTHOR)
    question = make_question(article=make_article(author=author, comments_open=False))

    answer = as_(author).submit(f"/comments/{question.id}/reply", body="It is a tendon.")

    assert answer.status_code == 303
    assert [one.source for one in replies_to(question)] == ["It is a tendon."]


def test_p09_a_closed_article_stays_closed_for_everybody_else(as_: As) -> None:
    question = make_question(article=make_article(comments_open=False))
    for role in (Role.READER, Role.MODERATOR, Role.AUTHOR):
        answer = as_(make_account(role)).submit(
            f"/comments/{question.id}/reply", body="It is a tendon."
        )
        assert answer.status_code == 403
    assert replies_to(question) == []


def replies_to(question: Comment) -> Sequence[Comment]:
    return db.session.scalars(
        select(Comment).where(Comment.parent_id == question.id).order_by(Comment.id)
    ).all()
