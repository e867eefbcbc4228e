"""Reads: which comments everyone may read, and what the writer, the rules and the desk ask.

Only `published` and what is built on it may feed a public page: it is the one place that says
which rows everybody can read. How they are drawn is told in `threads`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.answers.models import CardLink
from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import clock
from app.infra.db import UtcDateTime, db, rows_of
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

Asked = TypeVar("Asked", bound=Select[Any])


class View(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"


ARTICLE_OF = select(Comment.article_id).where(Comment.id == bindparam("comment_id"))


def published(*, of_few: bool = False) -> ColumnElement[bool]:
    """The one rule for what everyone may read of comments; join the article's `visible` to it.

    `of_few`: among texts that are named by their ids. It is said by what they are not then, since
    SQLite would walk through all that is published to find them by their state.
    """
    if of_few:
        return Comment.status.not_in([state for state in Status if state != Status.APPROVED])
    return Comment.status == Status.APPROVED


def is_answered() -> ColumnElement[bool]:
    """Whether a question has a published answer of the author's below it (chat answers nothing),
    or a card whose help the asker did not deny; what has a red flag wants an answer in words.

    Looked up question by question: where one of two EXISTS may hold, PostgreSQL makes a table of
    all answers first, for a page of ten too.
    """
    in_words, by_card = (
        found.limit(1).scalar_subquery().is_not(None) for found in _answers_in_words_and_by_card()
    )
    return or_(in_words, by_card)


def is_open() -> ColumnElement[bool]:
    """Whether it is not answered, said so that both databases go along the questions of a list."""
    in_words, by_card = (found.exists() for found in _answers_in_words_and_by_card())
    return and_(~in_words, ~by_card)


def _answers_in_words_and_by_card() -> tuple[Select[int], Select[int]]:
    answer = aliased(Comment)
    in_words = select(answer.id).where(
        answer.question_id == Comment.id,
        answer.by_author.is_(True),
        answer.status == Status.APPROVED,
        answer.kind != Kind.CHAT,
    )
    by_card = select(CardLink.id).where(
        CardLink.comment_id == Comment.id,
        CardLink.helped.is_not(False),
        Comment.red_flag.is_(False),
    )
    return in_words, by_card


def view_filter(view: View) -> list[ColumnElement[bool]]:
    """What a view leaves out; its order is the caller's."""
    if view == View.ANSWERED:
        return [Comment.kind == Kind.QUESTION, is_answered()]
    if view == View.UNANSWERED:
        return [Comment.kind == Kind.QUESTION, is_open()]
    return []


def visible_questions(*where: ColumnElement[bool]) -> Select[Any]:
    """The ids of questions that everyone may read, under articles that everyone may read."""
    return (
        select(Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.kind == Kind.QUESTION, published(), articles.visible(), *where)
    )


def find_visible(comment_id: int) -> Comment | None:
    """A comment that everyone may read, with its article; None for any other."""
    return db.session.scalar(_visible(), {"comment_id": comment_id, "now": clock.now()})


@cache
def _visible() -> Select[Comment]:
    """Without the article's text, which hardly anybody asks for here. Put together once in each
    process, like `_answers`."""
    return (
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .options(
            contains_eager(Comment.article).options(
                joinedload(Article.author, innerjoin=True),
                defer(Article.source),
                defer(Article.html),
            )
        )
        .where(
            Comment.id == bindparam("comment_id"),
            published(),
            articles.visible(bindparam("now", type_=UtcDateTime())),
        )
    )


# What the writer, the rules and the desk ask


def find(comment_id: int) -> Comment | None:
    """Any comment, in whatever state, for its writer's private page and the desk."""
    return db.session.scalar(
        select(Comment).options(joinedload(Comment.article)).where(Comment.id == comment_id)
    )


def still_waiting(comment_ids: Collection[int]) -> list[Comment]:
    """Those of these texts that nobody has decided on: for their writer, spam waits too."""
    if not comment_ids:
        return []
    undecided = Comment.status.in_((Status.PENDING, Status.SPAM))
    found = db.session.scalars(select(Comment).where(Comment.id.in_(comment_ids), undecided))
    return list(found)


def find_to_change(comment_id: int) -> Comment | None:
    """The same, as it is at this moment and held until the transaction ends, so that of two who
    act on it at once the second sees what the first did."""
    return db.session.scalar(_to_change(), {"id": comment_id})


@cache
def _to_change() -> Select[Comment]:
    return (
        select(Comment)
        .options(joinedload(Comment.article).options(defer(Article.source), defer(Article.html)))
        .where(Comment.id == bindparam("id"))
        .with_for_update(of=Comment)
        .execution_options(populate_existing=True)
    )


def written_by(
    account: Account, *, wanted: Wanted = FIRST, size: int = 50
) -> tuple[list[Comment], Ways]:
    """All that an account wrote, in every state, newest first: for nobody else's eyes."""
    own = select(Comment.id, Comment.created_at).where(Comment.account_id == account.id)
    rows, ways = page_of(own, (Comment.created_at, Comment.id), wanted, size=size)
    return in_order(Comment, rows, joinedload(Comment.article)), ways


def waiting_for_answer(
    author: Account | None, *, wanted: Wanted = FIRST, size: int = 50
) -> tuple[list[Comment], Ways]:
    """Published questions without an answer, oldest first, with their articles and tags; `author`
    None means every author's."""
    where = [is_open()]
    if author is not None:
        where.append(Article.author_id == author.id)
    ids = visible_questions(*where).add_columns(Comment.created_at)
    keys = Comment.created_at, Comment.id
    rows, ways = page_of(ids, keys, wanted, size=size, newest_first=False)
    return in_order(Comment, rows, joinedload(Comment.article), selectinload(Comment.tags)), ways


def answers_to(question_id: int) -> list[Comment]:
    """The author's published answers to a question, oldest first, without chat."""
    return list(db.session.scalars(_answers(), {"question_id": question_id}))


class Answer(NamedTuple):
    """A published answer of the author's, as it is told to search engines."""

    id: int
    html: str
    created_at: datetime
    author_name: str
    account_id: int | None


def answers_told(question_id: int) -> list[Answer]:
    """The same as `answers_to`, as rows."""
    return [Answer(*row) for row in rows_of(_facts_of_answers(), {"question_id": question_id})]


@cache
def _answers() -> Select[Comment]:
    return _answering(select(Comment))


@cache
def _facts_of_answers() -> Select[*tuple[Any, ...]]:
    facts = Comment.id, Comment.html, Comment.created_at, Comment.author_name, Comment.account_id
    return _answering(select(*facts))


def _answering(asked: Asked) -> Asked:
    return asked.where(
        Comment.question_id == bindparam("question_id"),
        Comment.by_author.is_(True),
        Comment.kind != Kind.CHAT,
        published(of_few=True),
    ).order_by(Comment.created_at, Comment.id)
