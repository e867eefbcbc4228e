"""The letter to a reader about what came of their reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.domains.accounts.models import Account, Address
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.moderation.models import Report
from app.domains.moderation.states import ReportOutcome
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications.addressing import letter
from app.notifications.states import Topic

LISTED = 20


def outcome(job: Job) -> Letter | None:
    """All reports of this address that were decided within the job's time and still are; None
    where every one of those decisions was undone."""
    address = db.session.get(Address, job.payload["address_id"])
    if address is None:
        return None
    decided = _decided(
        address,
        datetime.fromisoformat(job.payload["first"]),
        datetime.fromisoformat(job.payload["last"]),
    )
    if not decided:
        return None
    return letter(
        job,
        address,
        topic=Topic.REPORTS,
        count=len(decided),
        items=[_item(report) for report in decided[:LISTED]],
        more=max(len(decided) - LISTED, 0),
    )


def _decided(address: Address, first: datetime, last: datetime) -> Sequence[Report]:
    own_account = select(Account.id).where(Account.address_id == address.id)
    return db.session.scalars(
        select(Report)
        .options(joinedload(Report.comment).joinedload(Comment.article))
        .where(
            or_(Report.address_id == address.id, Report.account_id.in_(own_account)),
            Report.outcome.is_not(None),
            Report.decided_at.between(first, last),
        )
        .order_by(Report.decided_at, Report.id)
    ).all()


def _item(report: Report) -> dict[str, object]:
    """One text as its reporter knew it; none of its words, which may be gone for good reason."""
    stands = comments.find_visible(report.comment_id)
    return {
        "name": report.comment.author_name,
        "article": report.comment.article.title,
        "upheld": report.outcome == ReportOutcome.UPHELD,
        "link": absolute(stands.href) if stands else None,
    }
