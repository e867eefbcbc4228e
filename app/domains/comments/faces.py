"""A published comment as everyone may see it, with its tags and what already answers it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, and_, select

from app.domains.accounts.models import Account
from app.domains.articles import queries as articles
from app.domains.articles.models import Article, article_path
from app.domains.articles.queries import Pointer
from app.domains.comments import policy
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import is_answered, published
from app.domains.comments.states import Kind
from app.domains.tags.models import Tag
from app.engines.text.slug import slugify
from app.infra.db import db

SHOWN_POINTERS = 4
CHAT_SHOWN = 600
"""Characters of HTML up to which chat stands unfolded in its thread, about six lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A published comment as everyone may see it: no address, no verdict, no private key.

    `account_id` is drawn nowhere; it tells the writer's own texts from the others'."""

    id: int
    account_id: int | None
    parent_id: int | None
    kind: str
    title: str
    slug: str
    author_name: str
    username: str | None
    badge: str | None
    html: Markup
    created_at: datetime
    edited_at: datetime | None
    answered: bool
    tags: tuple[tuple[str, str], ...]
    resources: tuple[Pointer, ...]

    @property
    def is_question(self) -> bool:
        return self.kind == Kind.QUESTION

    @property
    def is_chat(self) -> bool:
        return self.kind == Kind.CHAT

    @property
    def is_long_chat(self) -> bool:
        """Whether the thread shows it folded."""
        return self.is_chat and len(self.html) > CHAT_SHOWN


def faces(
    *where: ColumnElement[bool], order: Sequence[Any] = (), limit: int | None = None
) -> list[Shown]:
    """Published comments under visible articles, as everyone may see them. Three queries."""
    found = db.session.execute(
        select(
            Comment.id,
            Comment.account_id,
            Comment.parent_id,
            Comment.kind,
            Comment.title,
            Comment.author_name,
            Comment.by_author,
            Comment.html,
            Comment.created_at,
            Comment.edited_at,
            Account.role,
            Account.username,
            Article.slug.label("article_slug"),
            and_(Comment.kind == Kind.QUESTION, is_answered()).label("answered"),
        )
        .outerjoin(Account, Account.id == Comment.account_id)
        .join(Article, Article.id == Comment.article_id)
        .where(published(), articles.visible(), *where)
        .order_by(*order)
        .limit(limit)
    ).all()
    questions = [row.id for row in found if row.kind == Kind.QUESTION]
    tags = _tags_of(questions)
    behind = _pointers(tags, {row.id: row.article_slug for row in found})
    return [
        Shown(
            id=row.id,
            account_id=row.account_id,
            parent_id=row.parent_id,
            kind=row.kind,
            title=row.title,
            slug=slugify(row.title),
            author_name=row.author_name,
            username=row.username if row.by_author else None,
            badge=policy.badge(by_author=row.by_author, role=row.role),
            html=Markup(row.html),  # noqa: S704  (the sanitiser's output, stored as such)
            created_at=row.created_at,
            edited_at=row.edited_at,
            answered=bool(row.answered),
            tags=tuple((tag.slug, tag.name) for tag in tags.get(row.id, ())),
            resources=behind.get(row.id, ()),
        )
        for row in found
    ]


def _tags_of(comment_ids: Collection[int]) -> dict[int, list[Tag]]:
    if not comment_ids:
        return {}
    found: dict[int, list[Tag]] = {}
    pairs = db.session.execute(
        select(CommentTag.comment_id, Tag)
        .join(Tag, Tag.id == CommentTag.tag_id)
        .where(CommentTag.comment_id.in_(comment_ids))
        .order_by(CommentTag.by_hand.desc(), Tag.name)
    )
    for comment_id, tag in pairs:
        found.setdefault(comment_id, []).append(tag)
    return found


def _pointers(tags: dict[int, list[Tag]], homes: dict[int, str]) -> dict[int, tuple[Pointer, ...]]:
    """What already answers each question: things that share its tags, most shared first, but for
    the article (by its slug in `homes`) under which it was asked."""
    wanted = {comment_id: [tag.id for tag in own] for comment_id, own in tags.items()}
    found = articles.pointers_for(wanted, limit=SHOWN_POINTERS + 1)
    elsewhere = {
        comment_id: [one for one in own if one.href != article_path(homes[comment_id])]
        for comment_id, own in found.items()
    }
    return {comment_id: tuple(own[:SHOWN_POINTERS]) for comment_id, own in elsewhere.items()}
