"""Reads: what everyone may see of a thread, and what the writer and the rules need to know.

Only `published` and what is built on it may feed a public page: it is the one place that says
which rows everybody can read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.articles.queries import Pointer
from app.domains.comments import policy
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.tags.models import Tag
from app.engines.text.slug import slugify
from app.engines.thread import Line, PageBounds, build, lines, page_bounds
from app.infra import clock
from app.infra.db import db

THREADS_A_PAGE = 50
REPLIES_SHOWN = 40
"""Of one thread on the article's page; the rest is a link away, so no page grows without end."""
LINES_A_PAGE = 100
SHOWN_POINTERS = 4
OTHERS_WINDOW = timedelta(days=1)


class View(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Bone:
    """The least a tree needs of a comment."""

    id: int
    parent_id: int | None
    root_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A published comment as everyone may see it: no address, no verdict, no private key."""

    id: int
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


def published() -> ColumnElement[bool]:
    """The one rule for what everyone may read of comments; join the article's `visible` to it."""
    return Comment.status == Status.APPROVED


def _thread_id() -> ColumnElement[int]:
    return func.coalesce(Comment.root_id, Comment.id)


def is_answered() -> ColumnElement[bool]:
    """Whether a question has a published answer of the author's below it."""
    answer = aliased(Comment)
    return exists().where(
        answer.question_id == Comment.id,
        answer.by_author.is_(True),
        answer.status == Status.APPROVED,
    )


def _view_filter(view: View) -> list[ColumnElement[bool]]:
    if view == View.ANSWERED:
        return [Comment.kind == Kind.QUESTION, is_answered()]
    if view == View.UNANSWERED:
        return [Comment.kind == Kind.QUESTION, ~is_answered()]
    return []


def published_thread(article_id: int, *, view: View, page: int) -> ThreadPage:
    """A page of an article's threads, fifty at most, each with its first forty replies."""
    shown = and_(Comment.article_id == article_id, published())
    matching = (
        select(_thread_id().label("thread_id"))
        .where(shown, *_view_filter(view))
        .group_by("thread_id")
    ).subquery()
    total, comment_count = db.session.execute(
        select(
            select(func.count()).select_from(matching).scalar_subquery(),
            select(func.count()).where(shown).scalar_subquery(),
        )
    ).one()
    bounds = page_bounds(total, page, THREADS_A_PAGE)
    root = aliased(Comment)
    order = (
        (root.created_at, root.id)
        if view == View.OLDEST
        else (root.created_at.desc(), root.id.desc())
    )
    thread_ids = db.session.scalars(
        select(matching.c.thread_id)
        .join(root, root.id == matching.c.thread_id)
        .order_by(*order)
        .offset(bounds.offset)
        .limit(bounds.limit)
    ).all()
    drawn = draw_threads(thread_ids, REPLIES_SHOWN + 1)
    return ThreadPage(drawn, bounds, view, comment_count)


def draw_threads(thread_ids: Sequence[int], most_lines: int) -> list[DrawnThread]:
    """These threads in this order, each cut after `most_lines` lines."""
    by_thread = {
        node.id: lines(node) for node in build(_bones(thread_ids)) if node.id in set(thread_ids)
    }
    cut = {thread_id: by_thread[thread_id][:most_lines] for thread_id in thread_ids}
    rows = _shown([line for part in cut.values() for line in part])
    return [
        DrawnThread(
            thread_id,
            [_drawn(line, rows) for line in cut[thread_id]],
            _comments(by_thread[thread_id]) - _comments(cut[thread_id]),
        )
        for thread_id in thread_ids
    ]


def _comments(part: Sequence[Line[Bone]]) -> int:
    return sum(line.row is not None for line in part)


def _bones(thread_ids: Collection[int]) -> list[Bone]:
    if not thread_ids:
        return []
    within = or_(Comment.id.in_(thread_ids), Comment.root_id.in_(thread_ids))
    found = db.session.execute(
        select(Comment.id, Comment.parent_id, Comment.root_id, Comment.created_at).where(
            within, published()
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


def faces(
    *where: ColumnElement[bool], order: Sequence[Any] = (), limit: int | None = None
) -> list[Shown]:
    """Published comments under visible articles, as everyone may see them. Three queries."""
    found = db.session.execute(
        select(
            Comment.id,
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
        comment_id: [one for one in own if one.href != f"/articles/{homes[comment_id]}"]
        for comment_id, own in found.items()
    }
    return {comment_id: tuple(own[:SHOWN_POINTERS]) for comment_id, own in elsewhere.items()}


def pointers_for_all(comments: Sequence[Comment], limit: int = 8) -> dict[int, list[Pointer]]:
    """What could answer each of these, by comment id, for the desk and the author's inbox."""
    wanted = {comment.id: [link.tag_id for link in comment.tags] for comment in comments}
    return articles.pointers_for(wanted, limit=limit)


def pointers_behind(comment: Comment, limit: int = 8) -> list[Pointer]:
    """What could answer this comment, for the author's reply box."""
    return pointers_for_all([comment], limit).get(comment.id, [])


# Questions by themselves


def _visible_questions(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.kind == Kind.QUESTION, published(), articles.visible(), *where)
    )


def questions(
    *, view: View, page: int, size: int = THREADS_A_PAGE, tag_id: int | None = None
) -> tuple[list[tuple[Shown, Article]], PageBounds]:
    """Published questions with their articles: newest first unless the view says oldest."""
    where = _view_filter(view)
    if tag_id is not None:
        where.append(
            exists().where(CommentTag.comment_id == Comment.id, CommentTag.tag_id == tag_id)
        )
    ids = _visible_questions(*where)
    total = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    bounds = page_bounds(total, page, size)
    oldest = view == View.OLDEST
    order = (
        (Comment.created_at, Comment.id)
        if oldest
        else (Comment.created_at.desc(), Comment.id.desc())
    )
    chosen = db.session.scalars(
        ids.order_by(*order).offset(bounds.offset).limit(bounds.limit)
    ).all()
    shown = {row.id: row for row in faces(Comment.id.in_(chosen))} if chosen else {}
    homes = _articles_of(chosen)
    return [(shown[key], homes[key]) for key in chosen if key in shown], bounds


def _articles_of(comment_ids: Collection[int]) -> dict[int, Article]:
    if not comment_ids:
        return {}
    found = db.session.execute(
        select(Comment.id, Article)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.id.in_(comment_ids))
    )
    return {row[0]: row[1] for row in found}


def question_counts() -> dict[int, tuple[int, int]]:
    """Per tag id: how many published questions are answered, and how many are open."""
    answered = is_answered()
    found = db.session.execute(
        select(CommentTag.tag_id, answered.label("answered"), func.count())
        .join(Comment, Comment.id == CommentTag.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .where(Comment.kind == Kind.QUESTION, published(), articles.visible())
        .group_by(CommentTag.tag_id, "answered")
    )
    counts: dict[int, tuple[int, int]] = {}
    for tag_id, is_closed, count in found:
        done, open_ = counts.get(tag_id, (0, 0))
        counts[tag_id] = (done + count, open_) if is_closed else (done, open_ + count)
    return counts


def comment_counts(article_ids: Collection[int]) -> dict[int, int]:
    """How many published comments each article has."""
    found = db.session.execute(
        select(Comment.article_id, func.count())
        .where(Comment.article_id.in_(article_ids), published())
        .group_by(Comment.article_id)
    )
    return {row[0]: row[1] for row in found}


def find_visible(comment_id: int) -> Comment | None:
    """A comment that everyone may read, with its article; None for any other."""
    return db.session.scalar(
        select(Comment)
        .join(Article, Article.id == Comment.article_id)
        .options(contains_eager(Comment.article).joinedload(Article.author))
        .where(Comment.id == comment_id, published(), articles.visible())
    )


# What the writer, the rules and the desk ask


def find(comment_id: int) -> Comment | None:
    """Any comment, in whatever state, for its writer's private page and the desk."""
    return db.session.scalar(
        select(Comment).options(joinedload(Comment.article)).where(Comment.id == comment_id)
    )


def find_to_change(comment_id: int) -> Comment | None:
    """The same, as it is at this moment and held until the transaction ends, so that of two who
    act on it at once the second sees what the first did."""
    return db.session.scalar(
        select(Comment)
        .options(joinedload(Comment.article))
        .where(Comment.id == comment_id)
        .with_for_update(of=Comment)
        .execution_options(populate_existing=True)
    )


def find_by_submit_key(submit_key: str) -> Comment | None:
    return db.session.scalar(select(Comment).where(Comment.submit_key == submit_key))


def _same_sender(account_id: int | None, address_id: int | None) -> ColumnElement[bool]:
    if account_id is not None:
        return Comment.account_id == account_id
    return and_(Comment.account_id.is_(None), Comment.address_id == address_id)


def said_since(
    text_key: str, account_id: int | None, address_id: int | None, since: datetime
) -> bool:
    """Whether this sender sent the same text since then, under any article."""
    same = (
        Comment.text_key == text_key,
        Comment.created_at >= since,
        Comment.status != Status.WITHDRAWN,
        _same_sender(account_id, address_id),
    )
    return bool(db.session.scalar(select(exists().where(*same))))


def said_by_others(text_key: str, address_id: int | None) -> bool:
    """Whether another address sent the same text within a day: the mark of a campaign."""
    same = (
        Comment.text_key == text_key,
        Comment.created_at >= clock.now() - OTHERS_WINDOW,
        Comment.address_id != address_id,
    )
    return bool(db.session.scalar(select(exists().where(*same))))


def approved_count(account_id: int | None, address_id: int | None) -> int:
    """How many texts of this account or address a moderator let in or the rules let pass."""
    own = [Comment.status == Status.APPROVED]
    if account_id is not None:
        own.append(or_(Comment.account_id == account_id, Comment.address_id == address_id))
    else:
        own.append(Comment.address_id == address_id)
    return db.session.scalar(select(func.count()).where(*own)) or 0


def written_by(account: Account, *, page: int, size: int = 50) -> tuple[list[Comment], PageBounds]:
    """All that an account wrote, in every state, newest first: for nobody else's eyes."""
    own = Comment.account_id == account.id
    total = db.session.scalar(select(func.count()).where(own)) or 0
    bounds = page_bounds(total, page, size)
    found = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.article))
        .where(own)
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .offset(bounds.offset)
        .limit(bounds.limit)
    ).all()
    return list(found), bounds


def waiting_for_answer(
    author: Account | None, *, page: int, size: int = 50
) -> tuple[list[Comment], PageBounds]:
    """Published questions without an answer, oldest first, with their articles and tags; `author`
    None means every author's."""
    where = [~is_answered()]
    if author is not None:
        where.append(Article.author_id == author.id)
    ids = _visible_questions(*where)
    total = db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    bounds = page_bounds(total, page, size)
    chosen = ids.order_by(Comment.created_at, Comment.id).offset(bounds.offset).limit(bounds.limit)
    found = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.article), selectinload(Comment.tags))
        .where(Comment.id.in_(chosen.subquery().select()))
        .order_by(Comment.created_at, Comment.id)
    ).all()
    return list(found), bounds


def waiting_before(comment: Comment) -> int:
    """How many texts wait that came in before this one."""
    earlier = or_(
        Comment.created_at < comment.created_at,
        and_(Comment.created_at == comment.created_at, Comment.id < comment.id),
    )
    waiting = Comment.status == Status.PENDING
    return db.session.scalar(select(func.count()).where(waiting, earlier)) or 0


def answers_to(question_id: int) -> list[Comment]:
    """The author's published answers to a question, oldest first."""
    found = db.session.scalars(
        select(Comment)
        .where(Comment.question_id == question_id, Comment.by_author.is_(True), published())
        .order_by(Comment.created_at, Comment.id)
    ).all()
    return list(found)
