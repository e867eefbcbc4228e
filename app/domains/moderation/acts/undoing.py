"""Undoing: every act on a text by its row in the record, exactly and at any time, unless
something else happened to the same things since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.comments import queries as comments
from app.domains.comments import reaching, restoring, traces
from app.domains.comments.errors import NoPlace
from app.domains.comments.models import Comment
from app.domains.comments.states import ALLOWED_MOVES, Status
from app.domains.moderation import errors
from app.domains.moderation.queue import meanwhile
from app.domains.moderation.reported import reports
from app.infra import audit
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import _

UNDOABLE = frozenset(
    {
        "approve",
        "reject",
        "spam",
        "hold",
        "delete",
        "keep",
        "edit",
        "tag",
        "change kind",
        "move",
        "split off",
        "hold for",
        "release",
        "reason",
        "still right",
        "link card",
        "unlink card",
        reaching.ACT,
    }
)
"""Not among them: what the writer did, what the intake did, and undoing itself. Who regrets an
undo does the thing again."""
DECIDED_NOW = frozenset({Status.PENDING, Status.SPAM})


def undo(entry: AuditEntry, *, by: Account, batch: str | None = None) -> Comment:
    """Put a comment back to what it was before this act, with its own row in the record.

    Raises NothingToUndo when it was undone already, or when anything that this act changed was
    changed again since, by whomever.
    """
    comment = comments.find_to_change(entry.subject_id) if is_undoable_act(entry) else None
    if comment is None:
        raise errors.NothingToUndo(_("It is nothing that can be undone."))
    _check_nothing_since(entry, comment)
    detail = _detail_of(entry)
    was, seen = comment.status, traces.seen(comment)
    to = detail["before"].get("status", was)
    if to != was and Status(to) not in ALLOWED_MOVES[Status(was)]:
        raise errors.NothingToUndo(meanwhile.stands(comment))
    try:
        restoring.put_back(comment, detail, by=by)
    except NoPlace as gone:
        raise errors.NothingToUndo(gone.public) from gone
    if "reports" in entry.detail:
        reports.reopen(comment.id, datetime.fromisoformat(entry.detail["reports"]))
    audit.write(
        "undo",
        "comment",
        comment.id,
        by=by,
        from_state=was if to != was else None,
        to_state=to if to != was else None,
        reason=f"undoes {entry.act}",
        detail={**traces.difference(seen, traces.seen(comment)), "undoes": entry.id},
        batch=batch,
    )
    return comment


def is_undoable_act(entry: AuditEntry) -> bool:
    """Whether this is an act that undoing knows, and one that changed anything."""
    return entry.subject == "comment" and entry.act in UNDOABLE and bool(_touched(entry))


def undoable(entries: Sequence[AuditEntry]) -> frozenset[int]:
    """The ids of those of these acts that can be undone, for a page of the record: one query."""
    wanted = [entry for entry in entries if is_undoable_act(entry)]
    later = _later_acts({entry.subject_id for entry in wanted}, min([e.id for e in wanted] or [0]))
    return frozenset(
        entry.id for entry in wanted if _obstacle(entry, later[entry.subject_id]) is None
    )


def _check_nothing_since(entry: AuditEntry, comment: Comment) -> None:
    obstacle = _obstacle(entry, _later_acts({comment.id}, entry.id)[comment.id])
    if obstacle is not None and obstacle.detail.get("undoes") == entry.id:
        raise errors.NothingToUndo(audit.undone_by(obstacle))
    if obstacle is not None:
        raise errors.NothingToUndo(meanwhile.told(obstacle))
    now = traces.seen(comment)
    after = _detail_of(entry)["after"]
    if any(now[name] != value for name, value in after.items()):
        raise errors.NothingToUndo(_("The text was changed meanwhile."))


def _later_acts(comment_ids: Collection[int], number: int) -> Mapping[int, list[AuditEntry]]:
    found: dict[int, list[AuditEntry]] = defaultdict(list)
    if comment_ids:
        rows = db.session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.subject == "comment",
                AuditEntry.subject_id.in_(comment_ids),
                AuditEntry.id > number,
            )
            .order_by(AuditEntry.id)
        )
        for row in rows:
            found[row.subject_id].append(row)
    return found


def _obstacle(entry: AuditEntry, acts: Sequence[AuditEntry]) -> AuditEntry | None:
    """The newest later act that undid this one or changed the same things and still holds."""
    undone = {act.detail.get("undoes") for act in acts}
    mine = _touched(entry)
    for act in reversed(acts):
        if act.id <= entry.id:
            continue
        if act.detail.get("undoes") == entry.id:
            return act
        if act.act != "undo" and act.id not in undone and _touched(act) & mine:
            return act
    return None


def _touched(entry: AuditEntry) -> frozenset[str]:
    return frozenset(_detail_of(entry).get("before", {}))


def _detail_of(entry: AuditEntry) -> Mapping[str, Any]:
    """What an act changed. Rows from before the record kept this say it by their states alone."""
    if isinstance(entry.detail.get("before"), dict):
        return entry.detail
    if entry.from_state is None or entry.from_state not in set(Status):
        return {}
    before: dict[str, Any] = {"status": entry.from_state}
    if entry.from_state in DECIDED_NOW:
        before["decided_at"] = None
    return {"before": before, "after": {"status": entry.to_state}}
