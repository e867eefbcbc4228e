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
    "approve": sentence("%(name)s approved it meanwhile."),
    "let in": sentence("%(name)s let it in meanwhile."),
    "reject": sentence("%(name)s rejected it meanwhile."),
    "spam": sentence("%(name)s marked it as spam meanwhile."),
    "hold": sentence("%(name)s put it back to wait meanwhile."),
    "delete": sentence("%(name)s deleted it meanwhile."),
    "keep": sentence("%(name)s decided to keep it meanwhile."),
    "withdraw": sentence("Its writer took it back meanwhile."),
    "edit": sentence("%(name)s changed its text meanwhile."),
    "tag": sentence("%(name)s changed its tags meanwhile."),
    "change kind": sentence("%(name)s made it a question, a comment or chat meanwhile."),
    "move": sentence("%(name)s moved it to another place meanwhile."),
    "split off": sentence("%(name)s made it a question of its own meanwhile."),
    "hold for": sentence("%(name)s held it for a colleague meanwhile."),
    "release": sentence("%(name)s gave it back to everybody meanwhile."),
    "reason": sentence("%(name)s changed the reason of its rejection meanwhile."),
    "reports": sentence("Reports of readers sent it back to the desk meanwhile."),
    "still right": sentence("%(name)s found it to be still right meanwhile."),
    "link card": sentence("%(name)s answered it with a card meanwhile."),
    "unlink card": sentence("%(name)s took a card from it meanwhile."),
    "undo": sentence("%(name)s put it back to what it was meanwhile."),
}
OTHER = sentence("%(name)s changed it meanwhile.")
STATES = {
    Status.PENDING: sentence("It is waiting again already."),
    Status.SPAM: sentence("It is marked as spam already."),
    Status.APPROVED: sentence("It is approved already."),
    Status.REJECTED: sentence("It is rejected already."),
    Status.WITHDRAWN: sentence("Its writer took it back already."),
    Status.DELETED: sentence("It is deleted already."),
}


def told(entry: AuditEntry) -> str:
    """One act of the record as a sentence: who did what meanwhile."""
    return str(ACTS.get(entry.act, OTHER)) % {"name": entry.actor_name or _("Somebody")}


def happened_to(comment: Comment) -> str:
    """The newest thing that was done to a text, as a sentence."""
    acts = [entry for entry in record.history(comment.id) if entry.act in ACTS]
    last = acts[-1] if acts else None
    edited = comment.edited_at
    if edited is not None and (last is None or edited > last.at):
        return _("Its writer changed the text meanwhile.")
    return told(last) if last else _("The text was changed meanwhile.")


def stands(comment: Comment) -> str:
    """How a text stands that cannot be decided so: a sentence."""
    return str(STATES[Status(comment.status)])


def first_published(comment_id: int) -> datetime | None:
    """When a text was let in for the first time, as far as the record knows; undone or not."""
    return db.session.scalar(
        select(func.min(AuditEntry.at)).where(
            AuditEntry.subject == "comment",
            AuditEntry.subject_id == comment_id,
            AuditEntry.to_state == Status.APPROVED,
        )
    )
