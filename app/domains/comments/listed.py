"""Questions by themselves, as lists draw them: without their texts, and without what stands under
them in a thread."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, bindparam, select

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.faces import tags_in, tags_of_comment
from app.domains.comments.models import BY_TAG, Comment, CommentTag, question_path
from app.domains.comments.queries import View, is_answered, published, view_filter
from app.domains.comments.states import Kind
from app.infra import clock
from app.infra.db import UtcDateTime, rows_of
from app.infra.paging import FIRST, Key, Wanted, Ways, page_of

QUESTIONS_A_PAGE = 50
_NOW = bindparam("now", type_=UtcDateTime())
_KEYS = Comment.created_at, Comment.id
_KEYS_OF_TAG = (CommentTag.comment_id,)


class Listed(NamedTuple):
    """A published question: `href` is the path of its page, `tags` are slugs and names, `article`
    is the title of its home."""

    id: int
    title: str
    href: str
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
    """Published questions: newest first unless the view says oldest. One query.

    Those of a tag go by their numbers and not by their times: so a page of them is found where the
    tag's own stand, however many others came since. What was imported later stands as newer.
    """
    values: dict[str, Any] = {"now": clock.now()}
    keys: tuple[Key, ...] = _KEYS
    ids = _ids(view)
    if tag_id is not None:
        ids, keys = _ids_of_tag(view), _KEYS_OF_TAG
        values["tag_id"] = tag_id
    rows, ways = page_of(
        ids,
        keys,
        wanted,
        size=size,
        newest_first=view != View.OLDEST,
        values=values,
        telling=_facts,
    )
    return [_listed(row) for row in rows], ways


def newest_of_tag(tag_id: int, most: int) -> list[int]:
    """The ids of the newest published questions with this tag, by their numbers."""
    newest = _ids_of_tag(View.NEWEST).order_by(CommentTag.comment_id.desc()).limit(most)
    return [row[0] for row in rows_of(newest, {"now": clock.now(), "tag_id": tag_id})]


@cache
def _ids(view: View) -> Select[*tuple[Any, ...]]:
    """Put together once in each process, like `_ids_of_tag`."""
    return _in_view(select(*_KEYS), view).where(published())


@cache
def _ids_of_tag(view: View) -> Select[*tuple[Any, ...]]:
    """From what carries the tag, in an index: SQLite, which keeps no statistics, is told of it."""
    tagged = select(*_KEYS_OF_TAG).join(Comment, Comment.id == CommentTag.comment_id)
    return (
        _in_view(tagged, view)
        .where(CommentTag.tag_id == bindparam("tag_id"), published(of_few=True))
        .with_hint(CommentTag, f"INDEXED BY {BY_TAG}", "sqlite")
    )


def _in_view(asked: Select[*tuple[Any, ...]], view: View) -> Select[*tuple[Any, ...]]:
    is_shown = Comment.kind == Kind.QUESTION, articles.visible(_NOW), *view_filter(view)
    return asked.join(Article, Article.id == Comment.article_id).where(*is_shown)


def _facts(few: Subquery) -> Select[*tuple[Any, ...]]:
    """What is told of these questions, which are looked up by their ids: the last column of both
    lists. What they stand in order by is among it."""
    *_, number = few.c
    return (
        select(
            Comment.id,
            number.label("comment_id"),
            Comment.title,
            Comment.author_name,
            Comment.created_at,
            is_answered().label("answered"),
            tags_of_comment().label("tags"),
            Article.title.label("article"),
        )
        .select_from(few)
        .join(Comment, Comment.id == number)
        .join(Article, Article.id == Comment.article_id)
        .with_hint(Comment, "NOT INDEXED", "sqlite")
    )


def _listed(row: Any) -> Listed:
    """The columns come in the order of `_facts`: asked for by name, each costs a look-up."""
    number, _, title, author_name, created_at, answered, tags, article = row
    return Listed(
        number,
        title,
        question_path(number, title),
        author_name,
        created_at,
        bool(answered),
        tuple([(slug, name) for _, slug, name in tags_in(tags)]),
        article,
    )
