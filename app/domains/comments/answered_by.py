"""The questions of one card: for everyone, and for the staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domains.answers.models import CardLink
from app.domains.articles.models import Article
from app.domains.comments.asked import answered
from app.domains.comments.models import Comment
from app.engines.thread import PageBounds, page_bounds
from app.infra.db import db

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
    card_id: int, *, page: int, size: int = QUESTIONS_A_PAGE
) -> tuple[list[AnsweredQuestion], PageBounds]:
    """The published questions that a card answers, the newest first."""
    chosen = (
        select(Comment, Article.title)
        .join(CardLink, CardLink.comment_id == Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .where(*answered(CardLink.card_id == card_id))
    )
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    bounds = page_bounds(total, page, size)
    rows = db.session.execute(
        chosen.order_by(Comment.created_at.desc(), Comment.id.desc())
        .offset(bounds.offset)
        .limit(bounds.limit)
    )
    return [
        AnsweredQuestion(question.id, question.title, question.href, question.created_at, title)
        for question, title in rows
    ], bounds


def linked_to(
    card_id: int, *, page: int, size: int = QUESTIONS_A_PAGE
) -> tuple[list[tuple[Comment, CardLink]], PageBounds]:
    """All questions a card is linked to, whatever their state, with the links: those whose askers
    said that it is no help first, then the latest linked. For the staff's eyes only."""
    here = CardLink.card_id == card_id
    total = db.session.scalar(select(func.count(CardLink.id)).where(here)) or 0
    bounds = page_bounds(total, page, size)
    rows = db.session.execute(
        select(Comment, CardLink)
        .join(CardLink, CardLink.comment_id == Comment.id)
        .where(here)
        .order_by(CardLink.helped.is_(False).desc(), CardLink.at.desc(), CardLink.id.desc())
        .offset(bounds.offset)
        .limit(bounds.limit)
    )
    return [(question, link) for question, link in rows], bounds
