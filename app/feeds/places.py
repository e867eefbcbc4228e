"""Every public page that should be found, and when what it shows last changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.answers import queries as cards
from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments import asked
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.resources.models import Resource
from app.domains.tags.models import Tag
from app.engines.text.slug import slugify
from app.infra.db import db
from app.infra.http.links import absolute

MOST_PLACES = 50_000
"""In one sitemap, by the protocol (sitemaps.org)."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page by its endpoint; the address is made when it is asked for, since there are many."""

    endpoint: str
    values: dict[str, Any]
    changed: datetime | None = None

    @property
    def address(self) -> str:
        values = dict(self.values)
        if "title" in values:
            values["slug"] = slugify(values.pop("title"))
        return absolute(url_for(self.endpoint, **values))


def every_place() -> Sequence[Place]:
    """Home, articles, authors, tags, resources, cards and published questions, in a stable
    order."""
    return [
        Place("articles.home", {}),
        *_articles(),
        *_authors(),
        *_tags(),
        *_resources(),
        *_cards(),
        *_questions(),
    ]


def _articles() -> list[Place]:
    said = (
        select(
            Comment.article_id,
            func.max(Comment.published_at).label("published_at"),
            func.max(Comment.edited_at).label("edited_at"),
        )
        .where(comments.published())
        .group_by(Comment.article_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Article.slug,
            Article.published_at,
            Article.updated_at,
            said.c.published_at,
            said.c.edited_at,
        )
        .outerjoin(said, said.c.article_id == Article.id)
        .where(articles.visible())
        .order_by(Article.id)
    )
    return [Place("articles.show", {"slug": slug}, _latest(*times)) for slug, *times in rows]


def _authors() -> list[Place]:
    rows = db.session.execute(
        select(Account.username, func.max(Article.published_at))
        .join(Article, Article.author_id == Account.id)
        .where(articles.visible())
        .group_by(Account.id, Account.username)
        .order_by(Account.id)
    )
    return [Place("articles.author", {"username": name}, latest) for name, latest in rows]


def _tags() -> list[Place]:
    return [
        Place("library.tag", {"slug": slug})
        for slug in db.session.scalars(select(Tag.slug).order_by(Tag.id))
    ]


def _resources() -> list[Place]:
    rows = db.session.execute(select(Resource.slug, Resource.updated_at).order_by(Resource.id))
    return [Place("library.resource", {"slug": slug}, changed) for slug, changed in rows]


def _cards() -> list[Place]:
    return [Place("answers.show", {"slug": slug}, at) for slug, at in cards.in_sitemap()]


def _questions() -> list[Place]:
    """Those whose page is the one to find: what a card answers, the card's page tells."""
    answers = (
        select(
            Comment.question_id,
            func.max(Comment.published_at).label("published_at"),
            func.max(Comment.edited_at).label("edited_at"),
        )
        .where(comments.published(), Comment.question_id.is_not(None))
        .group_by(Comment.question_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Comment.id,
            Comment.title,
            Comment.published_at,
            Comment.edited_at,
            answers.c.published_at,
            answers.c.edited_at,
        )
        .join(Article, Article.id == Comment.article_id)
        .outerjoin(answers, answers.c.question_id == Comment.id)
        .where(
            Comment.kind == Kind.QUESTION,
            comments.published(),
            articles.visible(),
            ~asked.is_told_by_a_card(),
        )
        .order_by(Comment.id)
    )
    return [
        Place("questions.show", {"comment_id": key, "title": title}, _latest(*times))
        for key, title, *times in rows
    ]


def _latest(*times: datetime | None) -> datetime | None:
    return max((time for time in times if time is not None), default=None)
