"""Changing a comment's state: by the table of allowed moves, with its row in the record."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.comments import events
from app.domains.comments.models import Comment
from app.domains.comments.states import Status, check_move
from app.domains.screening import teaching
from app.domains.screening.teaching import Lesson
from app.infra import audit, clock
from app.infra.db import db
from app.infra.events import record

LESSONS = {
    Status.APPROVED: Lesson.GOOD,
    Status.SPAM: Lesson.SPAM,
    Status.DELETED: Lesson.AS_BEFORE,
    Status.WITHDRAWN: Lesson.AS_BEFORE,
}
"""What a person's decision teaches the spam model; any other takes the lesson back."""


def move(
    comment: Comment,
    to: Status,
    *,
    act: str,
    by: Account | None,
    actor_name: str = "",
    reason: str = "",
) -> audit.AuditEntry:
    """Change a comment's state by the table of allowed moves, with its row in the record.

    Where `by` is None, `actor_name` says who or what acted: empty is the writer, through the
    private link. Raises IllegalMove.
    """
    before = Status(comment.status)
    check_move(before, to)
    comment.status = to
    comment.version += 1
    if by is not None:
        comment.decided_at = clock.now()
        _teach(comment, to, undoing=act == "undo")
        record(events.CommentDecided(comment.id))
    if to == Status.APPROVED:
        comment.published_at = comment.published_at or clock.now()
        record(events.CommentPublished(comment.id, waited=True))
    elif before == Status.APPROVED:
        record(events.CommentHidden(comment.id))
    db.session.flush()
    return audit.write(
        act,
        "comment",
        comment.id,
        by=by,
        actor_name=actor_name or comment.author_name,
        from_state=before,
        to_state=to,
        reason=reason,
    )


def _teach(comment: Comment, to: Status, *, undoing: bool) -> None:
    if undoing:
        teaching.undone(comment.id)
    else:
        teaching.decided(comment.id, comment.source, LESSONS.get(to, Lesson.NOTHING))
