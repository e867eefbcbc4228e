"""Decisions at the desk, one by one and many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.comments import moves, traces
from app.domains.comments.events import CommentRejected
from app.domains.comments.models import Comment
from app.domains.comments.states import ALLOWED_MOVES, Status
from app.domains.moderation import errors, reasons
from app.domains.moderation.queue import meanwhile, queries, sections
from app.domains.moderation.queue.listed import Listed
from app.domains.moderation.reported import reports
from app.domains.moderation.states import ReportOutcome
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.events import record


class Verb(StrEnum):
    """What a moderator can do to a text as it stands. Approving what is published already says
    that it stays (`is_asked_about`)."""

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
ANSWERS_TO_REPORTS = {
    Verb.APPROVE: ReportOutcome.DISMISSED,
    Verb.REJECT: ReportOutcome.UPHELD,
    Verb.SPAM: ReportOutcome.UPHELD,
    Verb.DELETE: ReportOutcome.UPHELD,
}
"""Back to waiting leaves them open: nobody has said yet what becomes of the text."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of one moderator. `reason` is one of the site's list by its short words, or the
    moderator's own, or none; `tell` sends it to the writer."""

    verb: Verb
    by: Account
    reason: str = ""
    tell: bool = False


def possible_verbs(status: str) -> frozenset[Verb]:
    """What can be done to a text in this state, by the table of allowed moves."""
    return frozenset(verb for verb, to in OUTCOMES.items() if to in ALLOWED_MOVES[Status(status)])


def verbs_for(comment: Comment | Listed) -> frozenset[Verb]:
    """What can be done to this text; keeping a published one that was asked about included."""
    kept = {Verb.APPROVE} if is_asked_about(comment) else set()
    return possible_verbs(comment.status) | kept


def is_asked_about(comment: Comment | Listed) -> bool:
    """Whether a published text waits for somebody to say that it stays."""
    open_ends = (comment.reported_at, comment.recheck_at, comment.held_for_id)
    return comment.is_published and any(one is not None for one in open_ends)


def decide(
    comment: Comment, decision: Decision, *, version: int, batch: str | None = None
) -> AuditEntry:
    """Carry out a verdict on the text that the moderator saw, with its row in the record.

    `version` is the comment's when the page was drawn. Raises StaleDecision when anything
    happened since, or when the table has no such move. Open reports are answered by it; `batch`
    ties what was decided in one act.
    """
    to = OUTCOMES[decision.verb]
    if comment.version != version:
        raise errors.StaleDecision(meanwhile.happened_to(comment))
    if decision.verb not in verbs_for(comment):
        raise errors.StaleDecision(meanwhile.stands(comment))
    before = traces.start(comment)
    answer = ANSWERS_TO_REPORTS.get(decision.verb)
    closed = reports.close(comment, answer, decision.by) if answer and comment.reported_at else None
    detail = {"reports": closed.isoformat()} if closed else {}
    if comment.status == to:
        return moves.keep(comment, by=decision.by, since=before, detail=detail, batch=batch)
    reason = decision.reason.strip()
    is_no = decision.verb == Verb.REJECT
    chosen = reasons.find(reason) if is_no else reasons.Reason(reason, "")
    comment.reject_reason = chosen.sentence
    entry = moves.move(
        comment,
        to,
        act=decision.verb,
        by=decision.by,
        reason=chosen.words,
        since=before,
        detail=detail,
        batch=batch,
    )
    if is_no and decision.tell:
        record(CommentRejected(comment.id))
    return entry


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What came of a decision on many: the entries made, and per id why it was left as it was."""

    done: Sequence[AuditEntry]
    refused: dict[int, str]


def decide_all(
    versions: dict[int, int], decision: Decision, *, batch: str | None = None
) -> BulkResult:
    """Decide on many texts, each at the version that was seen; the stale ones are left alone, and
    so is what is not there for this moderator. All rows of the record bear one key."""
    done: list[AuditEntry] = []
    refused: dict[int, str] = {}
    key = batch or tokens.new_nonce()
    found = {one.id: one for one in queries.with_ids(within_reach(versions, decision.by))}
    for comment_id, version in versions.items():
        comment = found.get(comment_id)
        if comment is None:
            refused[comment_id] = errors.NothingThere.public
            continue
        try:
            done.append(decide(comment, decision, version=version, batch=key))
        except errors.StaleDecision as stale:
            refused[comment_id] = stale.public
    return BulkResult(done, refused)


def within_reach(ids: Collection[int], by: Account) -> list[int]:
    """Those of these texts that stand in the moderator's sections."""
    tag_ids = sections.of(by)
    if tag_ids is None:
        return list(ids)
    mine = select(Comment.id).where(Comment.id.in_(ids), sections.within(tag_ids))
    return list(db.session.scalars(mine))
