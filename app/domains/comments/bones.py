"""Which threads stand on a page of an article, and the least that their trees are made of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)

from app.domains.comments.counting import COUNTED
from app.domains.comments.models import Comment
from app.domains.comments.queries import View, published, view_filter
from app.domains.comments.states import Status
from app.infra.db import UtcDateTime, alias_of, rows_of
from app.infra.paging import Place, beyond, ordered

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


class Bone(NamedTuple):
    """The least a tree needs of a comment."""

    id: int
    parent_id: int | None
    root_id: int | None
    created_at: datetime


class Head(NamedTuple):
    """Where a thread begins."""

    created_at: datetime
    id: int


class Heads:
    """Reads where threads begin, for one page of an article, and with them what is published there
    unless the caller has most of that already (`with_bones`)."""

    def __init__(self, article_id: int, view: View, *, with_bones: bool) -> None:
        self._article_id = article_id
        self._view = view
        self._with_bones = with_bones
        self._rows: Sequence[Any] = ()

    def read(self, place: Place | None, limit: int, *, falling: bool) -> Sequence[Head]:
        values: dict[str, Any] = {"article_id": self._article_id, "most": limit}
        if place is not None:
            values |= {"at": place[0], "ref": place[1]}
        statement = _threads_from(
            self._view, is_beginning=place is None, falling=falling, with_bones=self._with_bones
        )
        self._rows = rows_of(statement, values)
        return sorted({Head(row.began, row.thread_id) for row in self._rows}, reverse=falling)

    @property
    def comment_count(self) -> int:
        """Of the whole article, counted to COUNTED."""
        return int(self._rows[0].comments) if self._rows else count(self._article_id)

    def bones(self, thread_ids: Collection[int]) -> list[Bone]:
        """Those that were read beside the heads, of these threads."""
        here = set(thread_ids)
        return [Bone(*row[:4]) for row in self._rows if row.thread_id in here]


def bones_of(thread_ids: Collection[int]) -> list[Bone]:
    """Every published comment of these threads."""
    if not thread_ids:
        return []
    return [Bone(*row[:4]) for row in rows_of(_bones_of(), {"ids": list(thread_ids)})]


def count(article_id: int) -> int:
    """How many published comments the article has, counted to COUNTED."""
    return int(rows_of(select(_counted()), {"article_id": article_id})[0][0])


def _counted() -> ScalarSelect[int]:
    some = select(Comment.id).where(_of_article()).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _of_article() -> ColumnElement[bool]:
    return and_(Comment.article_id == bindparam("article_id"), published())


_root = alias_of(Comment, "root")
BEGINNING = (_root.created_at, _root.id)


def _has_of(view: View) -> ColumnElement[bool]:
    """Whether a thread has something published of this view: its beginning, or a text below.

    One text is asked for where `exists` would do, since PostgreSQL turns that into one look through
    the whole table.
    """
    some = select(Comment.id).where(published(of_few=True), *view_filter(view)).limit(1)
    below = some.where(Comment.root_id == _root.id).scalar_subquery().is_not(None)
    if not view_filter(view):
        return or_(_root.status == Status.APPROVED, below)
    return or_(some.where(Comment.id == _root.id).scalar_subquery().is_not(None), below)


@cache
def _threads_from(
    view: View, *, is_beginning: bool, falling: bool, with_bones: bool
) -> CompoundSelect[*tuple[Any, ...]] | Select[*tuple[Any, ...]]:
    """Where the threads of one page begin, each row with what is counted of all; with bones every
    published comment of them. Put together once in each process."""
    where = [_root.article_id == bindparam("article_id"), _root.root_id.is_(None), _has_of(view)]
    if not is_beginning:
        at: BindParameter[Any] = bindparam("at", type_=UtcDateTime())
        ref: BindParameter[Any] = bindparam("ref")
        where.append(beyond(BEGINNING, (at, ref), falling=falling))
    chosen = (
        select(
            _root.id.label("thread_id"),
            _root.created_at.label("began"),
            _counted().label("comments"),
        )
        .where(*where)
        .order_by(*ordered(BEGINNING, falling=falling))
        .limit(bindparam("most"))
    )
    return _bones_within(chosen.cte("chosen")) if with_bones else chosen


@cache
def _bones_of() -> CompoundSelect[*tuple[Any, ...]]:
    return _bones_within(select(Comment.id.label("thread_id")).where(Comment.id.in_(_IDS)).cte())


def _bones_within(chosen: FromClause) -> CompoundSelect[*tuple[Any, ...]]:
    """What is published in these threads. Two halves, since each has an index of its own.

    Nothing is added to the thread's id, so that SQLite begins at the threads: it would make an
    index of them else, and walk through the whole table of texts.
    """
    bones: Select[*tuple[Any, ...]] = select(
        Comment.id, Comment.parent_id, Comment.root_id, Comment.created_at, *chosen.c
    ).where(published(of_few=True))
    return union_all(
        bones.join(chosen, Comment.id == chosen.c.thread_id),
        bones.join(chosen, Comment.root_id == chosen.c.thread_id + 0),
    )
