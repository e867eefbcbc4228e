"""The record of privileged acts: who did what, on which thing, from what to what, and why.

Rows are only added. After some time they forget from where an act was done; of a text that lost
its words, and of somebody who was erased, they keep the act and say no more. Any domain may write
one; the moderation desk reads them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from flask import has_request_context
from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.engines.networks import shortened
from app.infra import clock
from app.infra.db import Model, UtcDateTime, db
from app.infra.http.hosts import client_address
from app.infra.language import _
from app.infra.unit_of_work import unit_of_work
from app.infra.unnamed import PersonName

NOTHING_TOLD: dict[str, dict[str, str]] = {"before": {}, "after": {}}
"""What is told of an act that changed nothing which is still known, so that it cannot be undone."""


class Person(Protocol):
    """What the record keeps of whoever acted: accounts are a domain's, and the record is not."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class AuditEntry(Model):
    """One act. `subject_id` names a row of the kind `subject` (comment, article, tag, account);
    `detail` holds what was before and after where a state does not say it. `batch` is shared by
    acts that were one; `network` is where it was done from, shortened."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject_subject_id", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    actor_name: Mapped[str] = mapped_column(PersonName(80), default="")
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    from_state: Mapped[str | None] = mapped_column(String(20))
    to_state: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    batch: Mapped[str | None] = mapped_column(String(32), index=True)
    network: Mapped[str] = mapped_column(String(43), default="")


def write(
    act: str,
    subject: str,
    subject_id: int,
    *,
    by: Person | None,
    actor_name: str = "",
    from_state: str | None = None,
    to_state: str | None = None,
    reason: str = "",
    detail: dict[str, Any] | None = None,
    batch: str | None = None,
) -> AuditEntry:
    """Add one row to the record, in the caller's transaction. Where no account acted, `by` is None
    and `actor_name` says who or what it was."""
    entry = AuditEntry(
        act=act,
        subject=subject,
        subject_id=subject_id,
        actor_id=by.id if by else None,
        actor_name=by.name if by else actor_name,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        detail=detail or {},
        batch=batch,
        network=shortened(client_address()) or "" if has_request_context() and by else "",
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def undone_by(entry: AuditEntry) -> str:
    """That this act undid another one already, as a sentence."""
    return _("%(name)s undid it already.", name=entry.actor_name or _("Somebody"))


def forget_networks(before: datetime, *, piece: int, pieces: int) -> int:
    """Forget from where acts older than this were done, and nothing else of them; how many.

    Commits by itself, `piece` rows at a time, and ends
    after so many pieces."""
    gone, last = 0, 0
    known = select(AuditEntry.id).where(AuditEntry.network != "", AuditEntry.at < before)
    for _piece in range(pieces):
        some = known.where(AuditEntry.id > last).order_by(AuditEntry.id).limit(piece)
        ids = list(db.session.scalars(some))
        if not ids:
            db.session.rollback()
            break
        with unit_of_work():
            forgetting = update(AuditEntry).where(AuditEntry.id.in_(ids)).values(network="")
            db.session.execute(forgetting, execution_options={"synchronize_session": False})
        gone, last = gone + len(ids), ids[-1]
    return gone


def say_less(subject: str, ids: Collection[int], *, name: str = "", reasons: bool = False) -> None:
    """Keep of all acts on these only that they were done, so that none of them can be undone: not
    what they changed, with `reasons` not why, and with a `name` not under which one somebody acted
    who had no account. In the caller's transaction."""
    about = AuditEntry.subject == subject, AuditEntry.subject_id.in_(ids)
    values: dict[str, Any] = {"detail": NOTHING_TOLD}
    if reasons:
        values["reason"] = ""
    _change(*about, **values)
    if name:
        _change(*about, AuditEntry.actor_id.is_(None), actor_name=name)


def forget_actor(actor_id: int, name: str, *, most: int) -> int:
    """Put this name in the place of who acted, and forget from where; how many acts, at most so
    many. In the caller's transaction."""
    theirs = select(AuditEntry.id).where(AuditEntry.actor_id == actor_id).limit(most)
    ids = list(db.session.scalars(theirs))
    _change(AuditEntry.id.in_(ids), actor_id=None, actor_name=name, network="")
    return len(ids)


def _change(*where: ColumnElement[bool], **values: Any) -> None:
    changed = update(AuditEntry).where(*where).values(**values)
    db.session.execute(changed, execution_options={"synchronize_session": False})
