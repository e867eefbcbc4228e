"""What a form about cards offers to choose from."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.articles.queries import visible
from app.domains.resources.models import Resource
from app.infra.db import db


def live_choices(limit: int = 500) -> list[tuple[int, str]]:
    """Id and title of the cards that are not retired, by title, for a form."""
    found = db.session.execute(
        select(AnswerCard.id, AnswerCard.title)
        .where(AnswerCard.retired_at.is_(None))
        .order_by(func.lower(AnswerCard.title), AnswerCard.id)
        .limit(limit)
    )
    return [(card_id, title) for card_id, title in found]


def resource_choices(chosen: Collection[int], limit: int = 200) -> list[tuple[int, str]]:
    """Id and title of the newest resources and of those that are chosen already, by title."""
    newest = select(Resource.id).order_by(Resource.updated_at.desc(), Resource.id.desc())
    found = db.session.execute(
        select(Resource.id, Resource.title)
        .where(Resource.id.in_(newest.limit(limit)) | Resource.id.in_(chosen))
        .order_by(func.lower(Resource.title), Resource.id)
    )
    return [(resource_id, title) for resource_id, title in found]


def article_choices(chosen: Collection[int], limit: int = 200) -> list[tuple[int, str]]:
    """The same of the articles that everyone may read."""
    newest = select(Article.id).where(visible())
    newest = newest.order_by(Article.published_at.desc(), Article.id.desc()).limit(limit)
    found = db.session.execute(
        select(Article.id, Article.title)
        .where(Article.id.in_(newest) | Article.id.in_(chosen))
        .order_by(func.lower(Article.title), Article.id)
    )
    return [(article_id, title) for article_id, title in found]
