"""The questions of one card: for everyone, and for the staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select

from app.domains.answers.models import CardLink
from app.domains.articles.models import Article
from app.domains.comments.asked import answered
from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

QUESTIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question that everyone may read, as a card's page names it."""

    id: int
    title: str
    href: str
    asked_at: datetime
    article_title: str


def questions_of(
    card_id: int, *, wanted: Wanted = FIRST, size: int = QUESTIONS_A_PAGE
) -> tuple[list[AnsweredQuestion], Ways]:
    """The published questions that a card answers, those that came last first."""
    chosen = (
        select(CardLink.comment_id)
        .join(Comment, Comment.id == CardLink.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(*answered(CardLink.card_id == card_id))
    )
    rows, ways = page_of(chosen, (CardLink.comment_id,), wanted, size=size)
    return _named([row.comment_id for row in rows]), ways


def _named(question_ids: Sequence[int]) -> list[AnsweredQuestion]:
    found = db.session.execute(
        select(Comment, Article.title)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(question_ids))
        .order_by(Comment.id.desc())
    )
    return [
        AnsweredQuestion(question.id, question.title, question.href, question.created_at, title)
        for question, title in found
    ]


def linked_to(
    card_id: int, *, wanted: Wanted = FIRST, size: int = QUESTIONS_A_PAGE
) -> tuple[list[tuple[Comment, CardLink]], Ways]:
    """All questions a card is linked to, whatever their state, with the links: those whose askers
    said that it is no help first, then the latest linked. For the staff's eyes only."""
    failed = case((CardLink.helped.is_(False), 1), else_=0).label("failed")
    keys = failed, CardLink.at, CardLink.id
    links = select(*keys).where(CardLink.card_id == card_id)
    rows, ways = page_of(links, keys, wanted, size=size)
    found = in_order(CardLink, rows)
    asked = select(Comment).where(Comment.id.in_([link.comment_id for link in found]))
    questions = {question.id: question for question in db.session.scalars(asked)}
    return [(questions[link.comment_id], link) for link in found], ways
