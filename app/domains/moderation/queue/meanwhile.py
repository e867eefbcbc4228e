"""What happened to a text while somebody looked at it, in words for whoever comes too late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.acts import record
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import _, sentence

ACTS = {
    "approve": sentence("it was approved"),
    "let in": sentence("it was let in"),
    "reject": sentence("it was rejected"),
    "spam": sentence("it was marked as spam"),
    "hold": sentence("it was put back to wait"),
    "delete": sentence("it was deleted"),
    "keep": sentence("it was kept"),
    "withdraw": sentence("its writer took it back"),
    "edit": sentence("its text was changed"),
    "tag": sentence("its tags were changed"),
    "change kind": sentence("it was made a question, a comment or chat"),
    "move": sentence("it was moved to another place"),
    "split off": sentence("it was made a question of its own"),
    "hold for": sentence("it was held for a colleague"),
    "release": sentence("it was given back to everybody"),
    "reason": sentence("the reason of its rejection was changed"),
    "reports": sentence("it was sent back to the desk"),
    "still right": sentence("it was found to be still right"),
    "link card": sentence("it was answered with a card"),
    "unlink card": sentence("a card was taken from it"),
    "undo": sentence("it was put back to what it was"),
}
STATES = {
    Status.PENDING: sentence("it is waiting again"),
    Status.SPAM: sentence("it was marked as spam"),
    Status.APPROVED: sentence("it was approved"),
    Status.REJECTED: sentence("it was rejected"),
    Status.WITHDRAWN: sentence("its writer took it back"),
    Status.DELETED: sentence("it was deleted"),
}


def told(entry: AuditEntry) -> str:
    """One act of the record: what was done, and by whom where it was not the writer."""
    words = str(ACTS.get(entry.act, _("it was changed")))
    if entry.act == "withdraw":
        return words
    return _("%(what)s by %(name)s", what=words, name=entry.actor_name or _("somebody"))


def happened_to(comment: Comment) -> str:
    """The newest thing that was done to a text, as a sentence's beginning and end."""
    acts = [entry for entry in record.history(comment.id) if entry.act in ACTS]
    last = acts[-1] if acts else None
    edited = comment.edited_at
    if edited is not None and (last is None or edited > last.at):
        return _("its writer changed the text meanwhile.")
    return (
        _("%(what)s meanwhile.", what=told(last)) if last else _("the text was changed meanwhile.")
    )


def stands(comment: Comment) -> str:
    """How a text stands that cannot be decided so: a sentence."""
    return _("%(what)s already.", what=STATES[Status(comment.status)])


def first_published(comment_id: int) -> datetime | None:
    """When a text was let in for the first time, as far as the record knows; undone or not."""
    return db.session.scalar(
        select(func.min(AuditEntry.at)).where(
            AuditEntry.subject == "comment",
            AuditEntry.subject_id == comment_id,
            AuditEntry.to_state == Status.APPROVED,
        )
    )
