"""Decisions at the desk, one by one and in bulk, and their undoing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domains.accounts.models import Account
from app.domains.comments import moves
from app.domains.comments.events import CommentRejected
from app.domains.comments.models import Comment
from app.domains.comments.states import ALLOWED_MOVES, Status
from app.domains.moderation import errors, queries
from app.domains.moderation import record as record_of_acts
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record


class Verb(StrEnum):
    """What a moderator can do to a text as it stands."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    HOLD = "hold"
    DELETE = "delete"


OUTCOMES = {
    Verb.APPROVE: Status.APPROVED,
    Verb.REJECT: Status.REJECTED,
    Verb.SPAM: Status.SPAM,
    Verb.HOLD: Status.PENDING,
    Verb.DELETE: Status.DELETED,
}
REASONS = (
    "Off the subject of this article",
    "Not kind to another person",
    "Advertising",
    "Asks for a diagnosis that nobody can give from a distance",
    "Says the same as an earlier comment",
)
STATE_WORDS = {
    Status.PENDING: "it is waiting again",
    Status.SPAM: "it was marked as spam",
    Status.APPROVED: "it was approved",
    Status.REJECTED: "it was rejected",
    Status.WITHDRAWN: "its writer took it back",
    Status.DELETED: "it was deleted",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of one moderator. `tell` sends the reason of a rejection to the writer."""

    verb: Verb
    by: Account
    reason: str = ""
    tell: bool = False


def possible_verbs(status: str) -> frozenset[Verb]:
    """What can be done to a text in this state, by the table of allowed moves."""
    return frozenset(verb for verb, to in OUTCOMES.items() if to in ALLOWED_MOVES[Status(status)])


def decide(comment: Comment, decision: Decision, *, version: int) -> AuditEntry:
    """Carry out a verdict on the text that the moderator saw.

    `version` is the comment's when the page was drawn. Raises StaleDecision when anything
    happened since, or when the table has no such move, and ReasonNeeded for a rejection
    without one.
    """
    to = OUTCOMES[decision.verb]
    state = Status(comment.status)
    if comment.version != version:
        raise errors.StaleDecision(_what_happened(comment))
    if to not in ALLOWED_MOVES[state]:
        raise errors.StaleDecision(f"{STATE_WORDS[state]} already.")
    if decision.verb == Verb.REJECT and not decision.reason.strip():
        raise errors.ReasonNeeded
    reason = decision.reason.strip()
    if decision.verb == Verb.REJECT:
        comment.reject_reason = reason
    entry = moves.move(comment, to, act=decision.verb, by=decision.by, reason=reason)
    if decision.verb == Verb.REJECT and decision.tell:
        record(CommentRejected(comment.id))
    return entry


def _what_happened(comment: Comment) -> str:
    entry = record_of_acts.last_move(comment.id)
    if entry is not None and entry.to_state == comment.status:
        who = entry.actor_name or "somebody"
        return f"{STATE_WORDS[Status(comment.status)]} by {who} meanwhile."
    return "the text was changed meanwhile."


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of a decision on many: the entries made, and the ids left as they were."""

    done: Sequence[AuditEntry]
    refused: Sequence[int]


def decide_all(versions: dict[int, int], decision: Decision) -> BulkResult:
    """Decide on many texts, each at the version that was seen; the stale ones are left alone."""
    done: list[AuditEntry] = []
    refused: list[int] = []
    found = {comment.id: comment for comment in queries.with_ids(list(versions))}
    for comment_id, version in versions.items():
        comment = found.get(comment_id)
        if comment is None:
            refused.append(comment_id)
            continue
        try:
            done.append(decide(comment, decision, version=version))
        except errors.StaleDecision:
            refused.append(comment_id)
    return BulkResult(done, refused)


def undo(entry: AuditEntry, *, by: Account) -> Comment:
    """Put a comment back where it was before this decision.

    Raises NothingToUndo when the entry is not the last move of its comment.
    """
    comment = db.session.get(Comment, entry.subject_id, with_for_update=True)
    last = record_of_acts.last_move(entry.subject_id)
    if comment is None or last is None or last.id != entry.id or entry.act in ("undo", "withdraw"):
        raise errors.NothingToUndo
    to = Status(entry.from_state or "")
    if to not in ALLOWED_MOVES[Status(comment.status)]:
        raise errors.NothingToUndo
    comment.reject_reason = ""
    moves.move(comment, to, act="undo", by=by, reason=f"undoes {entry.act}")
    if to in (Status.PENDING, Status.SPAM):
        comment.decided_at = None
    return comment
