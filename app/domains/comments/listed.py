"""Questions by themselves, as lists draw them: without their texts, and without what stands under
them in a thread."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, exists, select

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.faces import tags_in, tags_of_comment
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import View, is_answered, published, view_filter
from app.domains.comments.states import Kind
from app.engines.text.slug import slugify
from app.infra import clock
from app.infra.db import UtcDateTime, rows_of
from app.infra.paging import FIRST, Wanted, Ways, page_of

QUESTIONS_A_PAGE = 50
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_NOW = bindparam("now", type_=UtcDateTime())
_KEYS = Comment.created_at, Comment.id


class Listed(NamedTuple):
    """A published question; `tags` are slugs and names, `article` the title of its home."""

    id: int
    title: str
    slug: str
    author_name: str
    created_at: datetime
    answered: bool
    tags: tuple[tuple[str, str], ...]
    article: str


def questions(
    *,
    view: View,
    wanted: Wanted = FIRST,
    size: int = QUESTIONS_A_PAGE,
    tag_id: int | None = None,
) -> tuple[list[Listed], Ways]:
    """Published questions: newest first unless the view says oldest. Two queries."""
    now = clock.now()
    rows, ways = page_of(
        _ids(view, is_of_tag=tag_id is not None),
        _KEYS,
        wanted,
        size=size,
        newest_first=view != View.OLDEST,
        values={"now": now} if tag_id is None else {"now": now, "tag_id": tag_id},
    )
    if not rows:
        return [], ways
    ids = [row.id for row in rows]
    found = {row.id: _listed(row) for row in rows_of(_facts(), {"now": now, "ids": ids})}
    return [found[one] for one in ids if one in found], ways


@cache
def _ids(view: View, *, is_of_tag: bool) -> Select[*tuple[Any, ...]]:
    """Put together once in each process, like `_facts`."""
    where = [Comment.kind == Kind.QUESTION, published(), articles.visible(_NOW), *view_filter(view)]
    if is_of_tag:
        of_tag = CommentTag.tag_id == bindparam("tag_id")
        where.append(exists().where(CommentTag.comment_id == Comment.id, of_tag))
    found = select(*_KEYS).join(Article, Article.id == Comment.article_id)
    return found.where(*where)


@cache
def _facts() -> Select[*tuple[Any, ...]]:
    """Asked again of each whether everyone may read it, since that may have changed meanwhile."""
    return (
        select(
            Comment.id,
            Comment.title,
            Comment.author_name,
            Comment.created_at,
            is_answered().label("answered"),
            tags_of_comment().label("tags"),
            Article.title.label("article"),
        )
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(_IDS), published(of_few=True), articles.visible(_NOW))
    )


def _listed(row: Any) -> Listed:
    return Listed(
        id=row.id,
        title=row.title,
        slug=slugify(row.title),
        author_name=row.author_name,
        created_at=row.created_at,
        answered=bool(row.answered),
        tags=tuple((slug, name) for _, slug, name in tags_in(row.tags)),
        article=row.article,
    )
