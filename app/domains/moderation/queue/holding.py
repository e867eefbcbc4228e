"""Holding a text for a colleague, with a note, and giving it back to everybody."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.comments import traces
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import errors
from app.domains.moderation.events import TextHeldFor
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue import meanwhile, queries, sections
from app.infra import audit
from app.infra.db import db
from app.infra.events import record
from app.infra.language import _


def hold_for(
    comment: Comment, colleague: Account | None, note: str, *, by: Account, version: int
) -> audit.AuditEntry:
    """Lay a waiting text aside for a colleague, who is told by mail; anybody may still decide.

    Raises StaleDecision, also for a text that does not wait, and NoColleague for one who may not
    decide on it.
    """
    if comment.version != version:
        raise errors.StaleDecision(meanwhile.happened_to(comment))
    if comment.status != Status.PENDING:
        raise errors.StaleDecision(meanwhile.stands(comment))
    if colleague is None or not _may_take(colleague, comment):
        raise errors.NoColleague
    before = traces.seen(comment)
    comment.held_for_id, comment.held_note = colleague.id, note
    record(TextHeldFor(comment.id, colleague.id))
    return _written("hold for", comment, before, by, note)


def release(comment: Comment, *, by: Account, version: int) -> audit.AuditEntry:
    """Give a text back to everybody. Raises StaleDecision, also for one that is not held."""
    if comment.version != version:
        raise errors.StaleDecision(meanwhile.happened_to(comment))
    if comment.held_for_id is None:
        raise errors.StaleDecision(_("It is not held for anybody."))
    before = traces.seen(comment)
    comment.held_for_id, comment.held_note = None, ""
    return _written("release", comment, before, by, "")


def colleagues(comment: Comment) -> list[Account]:
    """Everybody for whom this text can be held."""
    return [one for one in queries.moderators() if _may_take(one, comment)]


def _may_take(colleague: Account, comment: Comment) -> bool:
    return may_moderate(colleague) and sections.may_decide_on(colleague, comment)


def _written(
    act: str, comment: Comment, before: traces.Values, by: Account, reason: str
) -> audit.AuditEntry:
    comment.version += 1
    db.session.flush()
    detail = traces.difference(before, traces.seen(comment))
    return audit.write(act, "comment", comment.id, by=by, reason=reason, detail=detail)
