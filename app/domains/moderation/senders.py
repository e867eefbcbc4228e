"""What is known of the people behind the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db


@dataclass(frozen=True, slots=True)
class SenderRecord:
    """What became of the other texts of the same account or address."""

    approved: int
    rejected: int
    spam: int
    proven: bool


def sender_records(comments: Sequence[Comment]) -> dict[int, SenderRecord]:
    """Each comment's sender, by comment id; one query for the whole page."""
    address_ids = {comment.address_id for comment in comments if comment.address_id is not None}
    found = db.session.execute(
        select(Comment.address_id, Comment.status, func.count())
        .where(Comment.address_id.in_(address_ids))
        .group_by(Comment.address_id, Comment.status)
    )
    counts = {(address_id, status): count for address_id, status, count in found}
    return {
        comment.id: SenderRecord(
            approved=counts.get((comment.address_id, Status.APPROVED), 0),
            rejected=counts.get((comment.address_id, Status.REJECTED), 0),
            spam=counts.get((comment.address_id, Status.SPAM), 0),
            proven=comment.address is not None and comment.address.is_proven,
        )
        for comment in comments
    }
