"""Reports by readers and what becomes of them. Verbs that flush, never commit."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.moderation.events import ReportsClosed
from app.domains.moderation.models import Report
from app.domains.moderation.states import ReportOutcome
from app.infra import audit, clock
from app.infra.db import db
from app.infra.events import record


def close(comment: Comment, outcome: ReportOutcome, by: Account) -> datetime | None:
    """Answer all open reports about a text, with a row in the record.

    Returns the time that stands in those reports, which `reopen` wants to undo it; None where no
    report was open, and then nothing was done.
    """
    at = clock.now()
    closed = db.session.execute(
        update(Report)
        .where(Report.comment_id == comment.id, Report.outcome.is_(None))
        .values(outcome=outcome, decided_at=at)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not closed:
        return None
    sum_up(comment)
    audit.write(
        "close reports",
        "comment",
        comment.id,
        by=by,
        detail={"outcome": outcome, "count": len(closed), "at": at.isoformat()},
    )
    record(ReportsClosed(comment.id, at))
    return at


def reopen(comment_id: int, at: datetime) -> int:
    """Take back the answer given at this time; how many reports are open again by it. Those that
    were not told yet will not be."""
    opened = db.session.execute(
        update(Report)
        .where(Report.comment_id == comment_id, Report.decided_at == at)
        .values(outcome=None, decided_at=None)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    ).all()
    comment = db.session.get(Comment, comment_id)
    if comment is not None:
        sum_up(comment)
    return len(opened)


def sum_up(comment: Comment) -> None:
    """Bring the weight and time that the desk sorts by in step with the open reports."""
    weight, since = db.session.execute(
        select(func.coalesce(func.sum(Report.weight), 0), func.min(Report.at)).where(
            Report.comment_id == comment.id, Report.outcome.is_(None)
        )
    ).one()
    comment.report_weight = weight
    comment.reported_at = since
    db.session.flush()
