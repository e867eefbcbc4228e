"""Changing a comment's state: by the table of allowed moves, with its row in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domains.accounts.models import Account
from app.domains.comments import errors, events, traces
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
    since: traces.Start | None = None,
    detail: Mapping[str, Any] | None = None,
    batch: str | None = None,
) -> audit.AuditEntry:
    """Change a comment's state by the table of allowed moves, with its row in the record.

    Where `by` is None, `actor_name` says who or what acted: empty is the writer, through the
    private link. `since` is what `traces.start` saw where the act began earlier; `detail` is added
    to what the row says of it. Whatever the text waited for besides is settled. Raises
    IllegalMove, and WordsForgotten for a text that nobody can read again.
    """
    before = since or traces.start(comment)
    lesson = before.lesson
    was = Status(comment.status)
    check_move(was, to)
    if comment.forgotten_at is not None and to != Status.DELETED:
        raise errors.WordsForgotten
    comment.status = to
    settle(comment)
    if by is not None:
        comment.decided_at = clock.now()
    if to == Status.APPROVED:
        comment.published_at = comment.published_at or clock.now()
    moved(comment, was, by=by)
    if by is not None:
        teaches = LESSONS.get(to, Lesson.NOTHING)
        lesson = teaching.decided_on(lesson, comment.id, comment.source, teaches)
    return audit.write(
        act,
        "comment",
        comment.id,
        by=by,
        actor_name=actor_name or comment.author_name,
        from_state=was,
        to_state=to,
        reason=reason,
        detail={**traces.moved(comment, before, lesson), **(detail or {})},
        batch=batch,
    )


def keep(
    comment: Comment,
    *,
    by: Account,
    since: traces.Start,
    detail: Mapping[str, Any] | None = None,
    batch: str | None = None,
) -> audit.AuditEntry:
    """Say of a published text that it stays: it is settled, and it teaches as an approval does."""
    comment.decided_at = clock.now()
    settle(comment)
    lesson = teaching.decided_on(since.lesson, comment.id, comment.source, Lesson.GOOD)
    comment.version += 1
    db.session.flush()
    return audit.write(
        "keep",
        "comment",
        comment.id,
        by=by,
        from_state=comment.status,
        to_state=comment.status,
        detail={**traces.moved(comment, since, lesson), **(detail or {})},
        batch=batch,
    )


def settle(comment: Comment) -> None:
    """Nobody needs to look at it any more: no colleague it is held for, nothing to check again."""
    comment.held_for_id, comment.held_note = None, ""
    comment.recheck_at, comment.recheck_reason = None, ""


def moved(comment: Comment, was: Status, *, by: Account | None) -> None:
    """What follows from a changed state, whichever way it changed: its version and its events."""
    comment.version += 1
    if by is not None:
        record(events.CommentDecided(comment.id))
    if comment.status == Status.APPROVED:
        record(events.CommentPublished(comment.id, waited=True))
    elif was == Status.APPROVED:
        record(events.CommentHidden(comment.id))
