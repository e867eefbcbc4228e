"""Reads of the record of privileged acts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from app.engines.thread import PageBounds, page_bounds
from app.infra.audit import AuditEntry
from app.infra.db import db


def last_move(comment_id: int) -> AuditEntry | None:
    """The newest entry of the record that changed this comment's state."""
    return db.session.scalar(
        select(AuditEntry)
        .where(
            AuditEntry.subject == "comment",
            AuditEntry.subject_id == comment_id,
            AuditEntry.from_state.is_not(None),
            AuditEntry.act != "change kind",
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )


def entries(numbers: Sequence[int]) -> list[AuditEntry]:
    """These entries of the record, as far as they are about comments, newest first."""
    known = [number for number in numbers if number < 2**31]
    found = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.id.in_(known), AuditEntry.subject == "comment")
        .order_by(AuditEntry.id.desc())
    )
    return list(found)


def history(comment_id: int) -> list[AuditEntry]:
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == "comment", AuditEntry.subject_id == comment_id)
            .order_by(AuditEntry.id)
        )
    )


def record_page(page: int, size: int = 100) -> tuple[list[AuditEntry], PageBounds]:
    """The record of privileged acts, newest first."""
    total = db.session.scalar(select(func.count(AuditEntry.id))) or 0
    bounds = page_bounds(total, page, size)
    entries = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.id.desc()).offset(bounds.offset).limit(bounds.limit)
    )
    return list(entries), bounds
