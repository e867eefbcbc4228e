"""What the desk shows. The queue is a query over comments, never a copy of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, CommentRevision
from app.domains.comments.states import Status
from app.infra.db import db

ITEMS_A_PAGE = 50
LANES = (Status.PENDING, Status.SPAM, Status.APPROVED, Status.REJECTED, Status.DELETED)
OLDEST_FIRST = frozenset({Status.PENDING})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the queue begins, after this time and id: a deep page costs no more."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.timestamp():.6f}_{self.id}"


def lane_counts() -> dict[str, int]:
    """How many comments are in each state."""
    found = db.session.execute(select(Comment.status, func.count()).group_by(Comment.status))
    counts = {row[0]: row[1] for row in found}
    return {lane: counts.get(lane, 0) for lane in LANES}


def waiting_count() -> int:
    return db.session.scalar(select(func.count()).where(Comment.status == Status.PENDING)) or 0


def queue(lane: Status, *, after: Place | None = None) -> tuple[list[Comment], Place | None]:
    """A page of a lane and where the next one begins: waiting texts oldest first, the other lanes
    newest first. Articles, parents, senders and tags come with it."""
    statement = (
        select(Comment)
        .options(
            joinedload(Comment.article).joinedload(Article.author),
            joinedload(Comment.parent),
            joinedload(Comment.account),
            joinedload(Comment.address),
            selectinload(Comment.tags),
        )
        .where(Comment.status == lane)
    )
    place = tuple_(Comment.created_at, Comment.id)
    if lane in OLDEST_FIRST:
        statement = statement.order_by(Comment.created_at, Comment.id)
    else:
        statement = statement.order_by(Comment.created_at.desc(), Comment.id.desc())
    if after is not None:
        here = tuple_(after.at, after.id)
        statement = statement.where(place > here if lane in OLDEST_FIRST else place < here)
    found = list(db.session.scalars(statement.limit(ITEMS_A_PAGE + 1)))
    page = found[:ITEMS_A_PAGE]
    more = Place(page[-1].created_at, page[-1].id) if len(found) > ITEMS_A_PAGE else None
    return page, more


def with_ids(comment_ids: Sequence[int]) -> list[Comment]:
    """These comments, oldest first, locked until the decision on them is made."""
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.id.in_(comment_ids))
            .order_by(Comment.created_at, Comment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def revisions(comment_id: int) -> list[CommentRevision]:
    """The texts a comment had before, oldest first."""
    return list(
        db.session.scalars(
            select(CommentRevision)
            .where(CommentRevision.comment_id == comment_id)
            .order_by(CommentRevision.id)
        )
    )


def moderators() -> list[Account]:
    """Everyone who may decide and has not been disabled, always in the same order."""
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.role.in_(STAFF), Account.disabled_at.is_(None))
            .order_by(Account.id)
        )
    )
