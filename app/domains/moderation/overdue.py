"""What has waited too long for a decision, as far as one moderator may make it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import sections
from app.infra.db import db


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many texts, and since when the oldest of them waits."""

    count: int
    since: datetime


def overdue(account: Account, *, before: datetime) -> Overdue | None:
    """What came in, or was sent back by reports, before this time and waits for this person or
    for anybody; None when nothing does."""
    theirs = or_(Comment.held_for_id.is_(None), Comment.held_for_id == account.id)
    waiting = _count(
        Comment.created_at, account, Comment.status == Status.PENDING, theirs, before=before
    )
    reported = _count(
        Comment.reported_at, account, Comment.status == Status.APPROVED, before=before
    )
    times = [since for _, since in (waiting, reported) if since is not None]
    return Overdue(waiting[0] + reported[0], min(times)) if times else None


def _count(
    came: InstrumentedAttribute[Any],
    account: Account,
    *conditions: ColumnElement[bool],
    before: datetime,
) -> tuple[int, datetime | None]:
    statement = select(func.count(), func.min(came)).where(came < before, *conditions)
    tag_ids = sections.of(account)
    if tag_ids is not None:
        statement = statement.where(sections.within(tag_ids))
    count, since = db.session.execute(statement).one()
    return count, since
