"""How many: never counted further than pages tell, so that no page counts a table."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, case, func, literal, or_, select

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import is_answered, published
from app.domains.comments.states import Kind, Status
from app.domains.tags.models import Tag
from app.infra import clock
from app.infra.db import UtcDateTime, db, rows_of
from app.infra.paging import beyond

COUNTED = 2_000
"""Comments of one article: pages say "more than" of a longer discussion, and cost no more."""
OF_A_TAG = 100
"""Questions of one tag, where all tags stand on one page."""
WAITING_COUNTED = 1_000
"""Texts before one that waits; its writer is told "more than" of a longer queue."""


def question_counts() -> dict[int, tuple[int, int] | None]:
    """Per tag id: how many published questions are answered, and how many are open; None for more
    than OF_A_TAG. Tags without any are left out. One query."""
    rows = rows_of(_question_counts(), {"now": clock.now(), "most": OF_A_TAG})
    return {
        row.id: None if row.more else (row.answered, row.questions - row.answered)
        for row in rows
        if row.more or row.questions
    }


@cache
def _question_counts() -> Select[*tuple[Any, ...]]:
    """A tag is counted where it has no question beyond OF_A_TAG: a probe says so first."""
    more = _of_tag(literal(1)).offset(bindparam("most")).limit(1).correlate(Tag).scalar_subquery()
    answered = func.coalesce(func.sum(case((is_answered(), 1), else_=0)), 0)
    counts = {
        name: _of_tag(count).correlate(Tag).scalar_subquery()
        for name, count in (("questions", func.count()), ("answered", answered))
    }
    few = [case((more.is_(None), count)).label(name) for name, count in counts.items()]
    return select(Tag.id, more.is_not(None).label("more"), *few)


def _of_tag(column: Any) -> Select[Any]:
    return (
        select(column)
        .select_from(CommentTag)
        .join(Comment, Comment.id == CommentTag.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(
            CommentTag.tag_id == Tag.id,
            Comment.kind == Kind.QUESTION,
            published(of_few=True),
            articles.visible(bindparam("now", type_=UtcDateTime())),
        )
    )


def comment_counts(article_ids: Collection[int]) -> dict[int, int]:
    """How many published comments each article has that has any, each counted to COUNTED. One
    query."""
    if not article_ids:
        return {}
    counts = [_of_article(article_id) for article_id in article_ids]
    found = db.session.execute(select(*counts)).one()
    return {one: count for one, count in zip(article_ids, found, strict=True) if count}


def _of_article(article_id: int) -> ScalarSelect[int]:
    some = select(Comment.id).where(Comment.article_id == article_id, published())
    return select(func.count()).select_from(some.limit(COUNTED + 1).subquery()).scalar_subquery()


def has_approved(account_id: int, address_id: int | None, least: int) -> bool:
    """Whether a moderator let in, or the rules let pass, so many texts of this account."""
    own = or_(Comment.account_id == account_id, Comment.address_id == address_id)
    some = select(Comment.id).where(Comment.status == Status.APPROVED, own).limit(least)
    return (db.session.scalar(select(func.count()).select_from(some.subquery())) or 0) >= least


def waiting_before(comment: Comment) -> int:
    """How many texts wait that came in before this one, counted to WAITING_COUNTED."""
    place = comment.created_at, comment.id
    earlier = beyond((Comment.created_at, Comment.id), place, falling=True)
    some = select(Comment.id).where(Comment.status == Status.PENDING, earlier)
    some = some.limit(WAITING_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
