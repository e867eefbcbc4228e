"""What happened to a text while somebody looked at it, in words for whoever comes too late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.acts import record
from app.infra.audit import AuditEntry
from app.infra.db import db

ACTS = {
    "approve": "it was approved",
    "let in": "it was let in",
    "reject": "it was rejected",
    "spam": "it was marked as spam",
    "hold": "it was put back to wait",
    "delete": "it was deleted",
    "keep": "it was kept",
    "withdraw": "its writer took it back",
    "edit": "its text was changed",
    "tag": "its tags were changed",
    "change kind": "it was made a question, a comment or chat",
    "move": "it was moved to another place",
    "split off": "it was made a question of its own",
    "hold for": "it was held for a colleague",
    "release": "it was given back to everybody",
    "reason": "the reason of its rejection was changed",
    "reports": "it was sent back to the desk",
    "still right": "it was found to be still right",
    "link card": "it was answered with a card",
    "unlink card": "a card was taken from it",
    "undo": "it was put back to what it was",
}
STATES = {
    Status.PENDING: "it is waiting again",
    Status.SPAM: "it was marked as spam",
    Status.APPROVED: "it was approved",
    Status.REJECTED: "it was rejected",
    Status.WITHDRAWN: "its writer took it back",
    Status.DELETED: "it was deleted",
}


def told(entry: AuditEntry) -> str:
    """One act of the record: what was done, and by whom where it was not the writer."""
    words = ACTS.get(entry.act, "it was changed")
    if entry.act == "withdraw":
        return words
    return f"{words} by {entry.actor_name or 'somebody'}"


def happened_to(comment: Comment) -> str:
    """The newest thing that was done to a text, as a sentence's beginning and end."""
    acts = [entry for entry in record.history(comment.id) if entry.act in ACTS]
    last = acts[-1] if acts else None
    edited = comment.edited_at
    if edited is not None and (last is None or edited > last.at):
        return "its writer changed the text meanwhile."
    return f"{told(last)} meanwhile." if last else "the text was changed meanwhile."


def stands(comment: Comment) -> str:
    """How a text stands that cannot be decided so: a sentence."""
    return f"{STATES[Status(comment.status)]} already."


def first_published(comment_id: int) -> datetime | None:
    """When a text was let in for the first time, as far as the record knows; undone or not."""
    return db.session.scalar(
        select(func.min(AuditEntry.at)).where(
            AuditEntry.subject == "comment",
            AuditEntry.subject_id == comment_id,
            AuditEntry.to_state == Status.APPROVED,
        )
    )
