"""What cards rest on, as readers see it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, literal, select

from app.domains.answers.models import card_article, card_resource
from app.domains.articles.models import Article, article_path
from app.domains.articles.pointers import Pointer
from app.domains.articles.queries import visible
from app.domains.resources.models import Resource, resource_path
from app.infra.db import db


def pointers_of(card_ids: Collection[int]) -> dict[int, tuple[Pointer, ...]]:
    """The articles that everyone may read, and the resources, that each card rests on, by title.
    One query, or none."""
    if not card_ids:
        return {}
    found: dict[int, list[Pointer]] = {}
    rows = db.session.execute(_articles(card_ids).union_all(_resources(card_ids))).all()
    for row in sorted(rows, key=lambda row: (row.card_id, row.title)):
        path_of = article_path if row.kind == "article" else resource_path
        pointer = Pointer(row.kind, row.title, path_of(row.slug), row.summary)
        found.setdefault(row.card_id, []).append(pointer)
    return {card_id: tuple(own) for card_id, own in found.items()}


def _articles(card_ids: Collection[int]) -> Select[tuple[int, str, str, str, str]]:
    return (
        select(
            card_article.c.card_id,
            literal("article").label("kind"),
            Article.slug,
            Article.title,
            Article.summary,
        )
        .join(Article, Article.id == card_article.c.article_id)
        .where(card_article.c.card_id.in_(card_ids), visible())
    )


def _resources(card_ids: Collection[int]) -> Select[tuple[int, str, str, str, str]]:
    return (
        select(
            card_resource.c.card_id, Resource.kind, Resource.slug, Resource.title, Resource.summary
        )
        .join(Resource, Resource.id == card_resource.c.resource_id)
        .where(card_resource.c.card_id.in_(card_ids))
    )
