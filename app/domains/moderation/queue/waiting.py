"""What waits for a decision that one moderator may make: theirs or anybody's, in their sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.figures.numbers import looked_at
from app.domains.moderation.queue import sections
from app.domains.moderation.queue.counting import COUNTED
from app.infra.db import db


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many texts, and since when the oldest of them waits."""

    count: int
    since: datetime


def all_of_it(account: Account) -> int:
    """How many texts wait."""
    return _count(Comment.created_at, *_may_decide(account), *_pending_for(account))[0]


def first_of_it(account: Account, size: int) -> Sequence[Comment]:
    """The texts to decide on first, with their articles: red flags, then the longest waiting."""
    return list(
        db.session.scalars(
            select(Comment)
            .options(joinedload(Comment.article))
            .where(*_pending_for(account), *_may_decide(account))
            .order_by(Comment.red_flag.desc(), Comment.created_at, Comment.id)
            .limit(size)
        )
    )


def overdue(account: Account, *, before: datetime) -> Waiting | None:
    """What came in, or was sent back by reports, before this time; None when nothing did."""
    allowed = _may_decide(account)
    pending = (*_pending_for(account), Comment.created_at < before)
    reported = (looked_at(Comment.status) == Status.APPROVED, Comment.reported_at < before)
    found = (
        _count(Comment.created_at, *pending, *allowed),
        _count(Comment.reported_at, *reported, *allowed),
    )
    times = [since for _, since in found if since is not None]
    return Waiting(sum(count for count, _ in found), min(times)) if times else None


def in_all() -> tuple[int, datetime | None]:
    """How many texts wait on the whole site, counted no further than the desk counts, and since
    when the oldest of them does."""
    pending = select(Comment.id).where(Comment.status == Status.PENDING).limit(COUNTED + 1)
    oldest = select(func.min(Comment.created_at)).where(Comment.status == Status.PENDING)
    count = db.session.scalar(select(func.count()).select_from(pending.subquery()))
    return count or 0, db.session.scalar(oldest)


def _pending_for(account: Account) -> tuple[ColumnElement[bool], ...]:
    theirs = or_(Comment.held_for_id.is_(None), Comment.held_for_id == account.id)
    return Comment.status == Status.PENDING, theirs


def _may_decide(account: Account) -> tuple[ColumnElement[bool], ...]:
    tag_ids = sections.of(account)
    return () if tag_ids is None else (sections.within(tag_ids),)


def _count(
    came: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]
) -> tuple[int, datetime | None]:
    count, since = db.session.execute(select(func.count(), func.min(came)).where(*conditions)).one()
    return count, since
