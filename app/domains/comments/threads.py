"""Threads and questions as everyone sees them: published texts in the order they are drawn in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
from app.domains.comments.faces import Shown, faces_of
from app.domains.comments.models import Comment
from app.domains.comments.queries import (
    View,
    published,
    view_filter,
)
from app.domains.comments.states import Status
from app.engines.thread import Line, PageBounds, build, lines, page_bounds
from app.infra.db import UtcDateTime, alias_of, rows_of
from app.infra.paging import FIRST, Place, Wanted, Ways, beyond, ordered, page_by

THREADS_A_PAGE = 25
LINES_ON_ARTICLE = 75
"""Of all threads on one page together: long threads give way first, so that a page costs about the
same whether an article has fifty comments or a thousand."""
REPLIES_SHOWN = 40
"""Of one thread on the article's page; the rest is a link away, so no page grows without end."""
LINES_A_PAGE = 100
MOST_AT_ONCE = 1_000
"""Comments that one page shows, for those who ask for all of them."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


class Room(NamedTuple):
    """What a page holds at most: threads, lines of one of them, lines of all."""

    threads: int
    lines_of_one: int
    lines: int


_OF_A_PAGE = Room(THREADS_A_PAGE, REPLIES_SHOWN + 1, LINES_ON_ARTICLE)
_FOR_ALL = Room(MOST_AT_ONCE, 2 * MOST_AT_ONCE, 2 * MOST_AT_ONCE)
"""Lines stand for removed comments too, so there may be more of them."""


class Bone(NamedTuple):
    """The least a tree needs of a comment."""

    id: int
    parent_id: int | None
    root_id: int | None
    created_at: datetime


class ReplyTo(NamedTuple):
    """The parent that the indentation no longer shows; `name` is None where nobody may read it."""

    id: int
    name: str | None


class ShownLine(NamedTuple):
    """One line of a drawn thread; `row` is None where a comment stood that nobody may read."""

    id: int
    row: Shown | None
    depth: int
    in_reply_to: ReplyTo | None
    descendants: int


@dataclass(frozen=True, slots=True)
class DrawnThread:
    """One thread as the lines to draw, and how many of its comments are left for another page."""

    id: int
    lines: Sequence[ShownLine]
    left_out: int


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """`comment_count` is that of the whole article, counted to COUNTED. `is_whole`: all threads of
    the view stand here with all of their comments, since that was asked for."""

    threads: Sequence[DrawnThread]
    ways: Ways
    view: View
    comment_count: int
    is_whole: bool = False

    @property
    def is_part(self) -> bool:
        """Whether more can be read than stands here."""
        return self.ways != Ways() or any(one.left_out for one in self.threads)


class Head(NamedTuple):
    """Where a thread begins."""

    created_at: datetime
    id: int


def published_thread(
    article_id: int, *, view: View, wanted: Wanted = FIRST, whole: bool = False
) -> ThreadPage:
    """A page of an article's threads, 25 at most, each with as many of its first replies as there
    is room for: forty where it stands alone. It costs the same wherever it begins.

    `whole` asks for all of them on one page, which is the first page still where the article has
    more than MOST_AT_ONCE comments; it costs a query more."""
    is_whole = whole and _count(article_id) <= MOST_AT_ONCE
    room = _FOR_ALL if is_whole else _OF_A_PAGE
    bones: list[Any] = []

    def read(place: Place | None, limit: int, *, falling: bool) -> Sequence[Head]:
        values: dict[str, Any] = {"article_id": article_id, "most": limit}
        if place is not None:
            values |= {"at": place[0], "ref": place[1]}
        statement = _threads_from(view, is_beginning=place is None, falling=falling)
        bones[:] = rows_of(statement, values)
        return sorted({Head(row.began, row.thread_id) for row in bones}, reverse=falling)

    heads, ways = page_by(
        read,
        _BEGINNING,
        FIRST if whole else wanted,
        size=room.threads,
        newest_first=view != View.OLDEST,
    )
    thread_ids = [head.id for head in heads]
    here = set(thread_ids)
    own = [Bone(*row[:4]) for row in bones if row.thread_id in here]
    drawn = _drawn_threads(thread_ids, own, room.lines_of_one, room.lines)
    comments = int(bones[0].comments) if bones else _count(article_id)
    return ThreadPage(drawn, ways, view, comments, is_whole)


def _count(article_id: int) -> int:
    return int(rows_of(select(_counted()), {"article_id": article_id})[0][0])


def _counted() -> ScalarSelect[int]:
    """How many published comments the article has, no further than it is told."""
    some = select(Comment.id).where(_of_article()).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _of_article() -> ColumnElement[bool]:
    return and_(Comment.article_id == bindparam("article_id"), published())


_root = alias_of(Comment, "root")
_BEGINNING = (_root.created_at, _root.id)


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
    view: View, *, is_beginning: bool, falling: bool
) -> CompoundSelect[*tuple[Any, ...]]:
    """Every published comment of the threads of one page, each row with where its thread begins
    and what is counted of all. Put together once in each process."""
    where = [_root.article_id == bindparam("article_id"), _root.root_id.is_(None), _has_of(view)]
    if not is_beginning:
        at: BindParameter[Any] = bindparam("at", type_=UtcDateTime())
        ref: BindParameter[Any] = bindparam("ref")
        where.append(beyond(_BEGINNING, (at, ref), falling=falling))
    chosen = (
        select(
            _root.id.label("thread_id"),
            _root.created_at.label("began"),
            _counted().label("comments"),
        )
        .where(*where)
        .order_by(*ordered(_BEGINNING, falling=falling))
        .limit(bindparam("most"))
        .cte("chosen")
    )
    return _bones_within(chosen)


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


def draw_threads(thread_ids: Sequence[int], most_lines: int) -> list[DrawnThread]:
    """These threads in this order, each cut after `most_lines` lines, or earlier where all of them
    together would be too many."""
    return _drawn_threads(thread_ids, _bones(thread_ids), most_lines)


def _drawn_threads(
    thread_ids: Sequence[int],
    bones: Sequence[Bone],
    most_lines: int,
    most_together: int = LINES_ON_ARTICLE,
) -> list[DrawnThread]:
    wanted = set(thread_ids)
    by_thread = {node.id: lines(node) for node in build(bones) if node.id in wanted}
    shown = _fair_share([len(own) for own in by_thread.values()], most_lines, most_together)
    cut = {thread_id: by_thread[thread_id][:shown] for thread_id in thread_ids}
    rows = _shown([line for part in cut.values() for line in part])
    return [
        DrawnThread(
            thread_id,
            [_drawn(line, rows) for line in cut[thread_id]],
            _comments(by_thread[thread_id]) - _comments(cut[thread_id]),
        )
        for thread_id in thread_ids
    ]


def _fair_share(lengths: Sequence[int], most: int, together: int) -> int:
    """How many lines each thread may have at most, so that all fit; never fewer than two, which is
    a text and its first answer."""
    share = most
    while share > 2 and sum(min(length, share) for length in lengths) > together:
        share -= 1
    return share


def _comments(part: Sequence[Line[Bone]]) -> int:
    return sum(line.row is not None for line in part)


def _bones(thread_ids: Collection[int]) -> list[Bone]:
    if not thread_ids:
        return []
    return [Bone(*row[:4]) for row in rows_of(_bones_of(), {"ids": list(thread_ids)})]


def published_branch(
    comment: Comment, *, page: int, around: int | None = None
) -> tuple[list[ShownLine], PageBounds]:
    """A comment and all that is published below it, a hundred lines a page.

    `around` asks for the page on which that comment stands, whatever `page` says.
    """
    roots = build(_bones([comment.thread_id]))
    drawn: list[Line[Bone]] = []
    waiting = list(roots)
    while waiting and not drawn:
        node = waiting.pop()
        if node.id == comment.id:
            drawn = lines(node)
        waiting.extend(node.children)
    if around is not None:
        place = next((at for at, line in enumerate(drawn) if line.node.id == around), 0)
        page = place // LINES_A_PAGE + 1
    bounds = page_bounds(len(drawn), page, LINES_A_PAGE)
    part = drawn[bounds.offset : bounds.offset + bounds.limit]
    rows = _shown(part)
    return [_drawn(line, rows) for line in part], bounds


def _drawn(line: Line[Bone], rows: dict[int, Shown]) -> ShownLine:
    parent = line.in_reply_to
    seen = rows.get(parent.id) if parent is not None else None
    return ShownLine(
        id=line.node.id,
        row=rows.get(line.node.id) if line.row is not None else None,
        depth=line.depth,
        in_reply_to=ReplyTo(parent.id, seen.author_name if seen else None) if parent else None,
        descendants=line.descendants,
    )


def _shown(part: Sequence[Line[Bone]]) -> dict[int, Shown]:
    """The public face of every comment drawn, and of the parents whose names are said."""
    wanted = {line.node.id for line in part if line.row is not None}
    wanted |= {line.in_reply_to.id for line in part if line.in_reply_to is not None}
    return faces_of(wanted)
