"""Threads and questions as everyone sees them: published texts in the order they are drawn in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.faces import Shown, faces_of
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import (
    View,
    published,
    view_filter,
    visible_questions,
)
from app.engines.thread import Line, PageBounds, build, lines, page_bounds
from app.infra.db import db, rows_of
from app.infra.paging import FIRST, Wanted, Ways, page_of

THREADS_A_PAGE = 25
QUESTIONS_A_PAGE = 50
LINES_ON_ARTICLE = 75
"""Of all threads on one page together: long threads give way first, so that a page costs about the
same whether an article has fifty comments or a thousand."""
REPLIES_SHOWN = 40
"""Of one thread on the article's page; the rest is a link away, so no page grows without end."""
LINES_A_PAGE = 100
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


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
    threads: Sequence[DrawnThread]
    bounds: PageBounds
    view: View
    comment_count: int


def published_thread(article_id: int, *, view: View, page: int) -> ThreadPage:
    """A page of an article's threads, 25 at most, each with as many of its first replies as there
    is room for: forty where it stands alone. A page beyond the last is the last one."""
    bounds = page_bounds(page * THREADS_A_PAGE, page, THREADS_A_PAGE)
    rows = _rows_of_page(article_id, view, bounds)
    if not rows:
        threads, comments = _counts(article_id, view)
        if not threads:
            return ThreadPage([], page_bounds(0, 1, THREADS_A_PAGE), view, comments)
        bounds = page_bounds(threads, page, THREADS_A_PAGE)
        rows = _rows_of_page(article_id, view, bounds)
    order = {row.thread_id: row.place for row in rows}
    thread_ids = sorted(order, key=order.__getitem__)
    bones = [Bone(*row[:4]) for row in rows]
    drawn = _drawn_threads(thread_ids, bones, REPLIES_SHOWN + 1)
    counted = page_bounds(rows[0].total, page, THREADS_A_PAGE)
    return ThreadPage(drawn, counted, view, int(rows[0].comments))


def _rows_of_page(article_id: int, view: View, bounds: PageBounds) -> Sequence[Any]:
    place = {"article_id": article_id, "first": bounds.offset, "most": THREADS_A_PAGE}
    return rows_of(_page_of_threads(view), place)


def _counts(article_id: int, view: View) -> tuple[int, int]:
    """How many threads this view has, and how many comments the article."""
    threads = select(func.count()).select_from(_matching(view)).scalar_subquery()
    comments = select(func.count()).where(_of_article()).scalar_subquery()
    row = rows_of(select(threads, comments), {"article_id": article_id})[0]
    return row[0], row[1]


def _of_article() -> ColumnElement[bool]:
    return and_(Comment.article_id == bindparam("article_id"), published())


def _matching(view: View) -> CTE:
    """The threads of an article that have something of this view."""
    thread_id = func.coalesce(Comment.root_id, Comment.id).label("thread_id")
    return (
        select(thread_id, func.count().label("own"))
        .where(_of_article(), *view_filter(view))
        .group_by(thread_id)
        .cte("matching")
    )


@cache
def _page_of_threads(view: View) -> CompoundSelect[*tuple[Any, ...]]:
    """Every published comment of the threads of one page, each row with the place of its thread
    and what is counted of all. Put together once in each process."""
    matching, root = _matching(view), aliased(Comment)
    order = (
        (root.created_at, root.id)
        if view == View.OLDEST
        else (root.created_at.desc(), root.id.desc())
    )
    everything = func.sum(matching.c.own).over()
    counted = select(func.count()).where(_of_article()).scalar_subquery()
    chosen = (
        select(
            matching.c.thread_id,
            func.row_number().over(order_by=order).label("place"),
            func.count().over().label("total"),
            (counted if view_filter(view) else everything).label("comments"),
        )
        .join(root, root.id == matching.c.thread_id)
        .order_by(*order)
        .limit(bindparam("most"))
        .offset(bindparam("first"))
        .cte("chosen")
    )
    return _bones_within(chosen)


@cache
def _bones_of() -> CompoundSelect[*tuple[Any, ...]]:
    return _bones_within(select(Comment.id.label("thread_id")).where(Comment.id.in_(_IDS)).cte())


def _bones_within(chosen: FromClause) -> CompoundSelect[*tuple[Any, ...]]:
    """What is published in these threads. Two halves, since each has an index of its own."""
    bones: Select[*tuple[Any, ...]] = select(
        Comment.id, Comment.parent_id, Comment.root_id, Comment.created_at, *chosen.c
    ).where(published(of_few=True))
    return union_all(
        bones.join(chosen, Comment.id == chosen.c.thread_id),
        bones.join(chosen, Comment.root_id == chosen.c.thread_id),
    )


def draw_threads(thread_ids: Sequence[int], most_lines: int) -> list[DrawnThread]:
    """These threads in this order, each cut after `most_lines` lines, or earlier where all of them
    together would be too many."""
    return _drawn_threads(thread_ids, _bones(thread_ids), most_lines)


def _drawn_threads(
    thread_ids: Sequence[int], bones: Sequence[Bone], most_lines: int
) -> list[DrawnThread]:
    wanted = set(thread_ids)
    by_thread = {node.id: lines(node) for node in build(bones) if node.id in wanted}
    shown = _fair_share([len(own) for own in by_thread.values()], most_lines)
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


def _fair_share(lengths: Sequence[int], most: int) -> int:
    """How many lines each thread may have at most, so that all fit; never fewer than two, which is
    a text and its first answer."""
    share = most
    while share > 2 and sum(min(length, share) for length in lengths) > LINES_ON_ARTICLE:
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


# Questions by themselves


def questions(
    *,
    view: View,
    wanted: Wanted = FIRST,
    size: int = QUESTIONS_A_PAGE,
    tag_id: int | None = None,
) -> tuple[list[tuple[Shown, Article]], Ways]:
    """Published questions with their articles: newest first unless the view says oldest."""
    where = view_filter(view)
    if tag_id is not None:
        where.append(
            exists().where(CommentTag.comment_id == Comment.id, CommentTag.tag_id == tag_id)
        )
    rows, ways = page_of(
        visible_questions(*where).add_columns(Comment.created_at),
        (Comment.created_at, Comment.id),
        wanted,
        size=size,
        newest_first=view != View.OLDEST,
    )
    chosen = [row.id for row in rows]
    shown = faces_of(chosen, with_cards=False)
    homes = _articles_of(chosen)
    return [(shown[key], homes[key]) for key in chosen if key in shown], ways


def _articles_of(comment_ids: Collection[int]) -> dict[int, Article]:
    if not comment_ids:
        return {}
    found = db.session.execute(_homes(), {"ids": list(comment_ids)})
    return {row[0]: row[1] for row in found}


@cache
def _homes() -> Select[int, Article]:
    """Without the articles' texts, which no list draws."""
    return (
        select(Comment.id, Article)
        .options(*articles.WITHOUT_TEXTS)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(_IDS))
    )
