"""Threads and questions as everyone sees them: published texts in the order they are drawn in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.domains.articles.models import Article
from app.domains.comments.faces import Shown, faces
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import (
    View,
    published,
    view_filter,
    visible_questions,
)
from app.engines.thread import Line, PageBounds, build, lines, page_bounds
from app.infra.db import db
from app.infra.paging import FIRST, Wanted, Ways, page_of

THREADS_A_PAGE = 25
QUESTIONS_A_PAGE = 50
LINES_ON_ARTICLE = 75
"""Of all threads on one page together: long threads give way first, so that a page costs about the
same whether an article has fifty comments or a thousand."""
REPLIES_SHOWN = 40
"""Of one thread on the article's page; the rest is a link away, so no page grows without end."""
LINES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Bone:
    """The least a tree needs of a comment."""

    id: int
    parent_id: int | None
    root_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """The parent that the indentation no longer shows; `name` is None where nobody may read it."""

    id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class ShownLine:
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


def _thread_id() -> ColumnElement[int]:
    return func.coalesce(Comment.root_id, Comment.id)


def published_thread(article_id: int, *, view: View, page: int) -> ThreadPage:
    """A page of an article's threads, 25 at most, each with as many of its first replies as there
    is room for: forty where it stands alone."""
    shown = and_(Comment.article_id == article_id, published())
    matching = (
        select(_thread_id().label("thread_id"))
        .where(shown, *view_filter(view))
        .group_by("thread_id")
    ).subquery()
    root = aliased(Comment)
    order = (
        (root.created_at, root.id)
        if view == View.OLDEST
        else (root.created_at.desc(), root.id.desc())
    )
    chosen = (
        select(
            matching.c.thread_id,
            select(func.count()).select_from(matching).scalar_subquery().label("total"),
            select(func.count()).where(shown).scalar_subquery().label("comments"),
        )
        .join(root, root.id == matching.c.thread_id)
        .order_by(*order)
    )
    first = page_bounds(page * THREADS_A_PAGE, page, THREADS_A_PAGE)
    rows = db.session.execute(chosen.offset(first.offset).limit(first.limit)).all()
    if not rows and first.number > 1:  # there are fewer pages: the last one is meant
        rows = db.session.execute(chosen).all()
    total, comment_count = (rows[0].total, rows[0].comments) if rows else (0, _count(shown))
    bounds = page_bounds(total, page, THREADS_A_PAGE)
    if bounds.number != first.number:
        rows = rows[bounds.offset : bounds.offset + bounds.limit]
    thread_ids = [row.thread_id for row in rows]
    drawn = draw_threads(thread_ids, REPLIES_SHOWN + 1)
    return ThreadPage(drawn, bounds, view, comment_count)


def _count(where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(where)) or 0


def draw_threads(thread_ids: Sequence[int], most_lines: int) -> list[DrawnThread]:
    """These threads in this order, each cut after `most_lines` lines, or earlier where all of them
    together would be too many."""
    by_thread = {
        node.id: lines(node) for node in build(_bones(thread_ids)) if node.id in set(thread_ids)
    }
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
    within = or_(Comment.id.in_(thread_ids), Comment.root_id.in_(thread_ids))
    found = db.session.execute(
        select(Comment.id, Comment.parent_id, Comment.root_id, Comment.created_at).where(
            within, published(of_few=True)
        )
    )
    return [Bone(*row) for row in found]


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
    return {row.id: row for row in faces(Comment.id.in_(wanted))} if wanted else {}


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
    shown = (
        {row.id: row for row in faces(Comment.id.in_(chosen), with_cards=False)} if chosen else {}
    )
    homes = _articles_of(chosen)
    return [(shown[key], homes[key]) for key in chosen if key in shown], ways


def _articles_of(comment_ids: Collection[int]) -> dict[int, Article]:
    if not comment_ids:
        return {}
    found = db.session.execute(
        select(Comment.id, Article)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(comment_ids))
    )
    return {row[0]: row[1] for row in found}
