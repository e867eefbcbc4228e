"""The desk's own rows: reports, who looks at what, sections, saved views, acts on many, mailed
links. What waits is no row of its own; the queue is a query over comments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH, Account
from app.domains.comments.models import REASON_LENGTH, Comment
from app.domains.moderation.states import BatchState
from app.infra import clock
from app.infra.db import Model, UtcDateTime
from app.infra.unnamed import PersonName


class Report(Model):
    """A reader says that a published text should not stand there. Once a person: by account, else
    by proven address, else by `browser` (the fingerprint of a guest's). `weight` is what it counts,
    by the reporter's record; `outcome` is null until a moderator has looked."""

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("comment_id", "account_id"),
        UniqueConstraint("comment_id", "address_id"),
        UniqueConstraint("comment_id", "browser"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    browser: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    weight: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    outcome: Mapped[str | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    comment: Mapped[Comment] = relationship()
    account: Mapped[Account | None] = relationship()


class Opening(Model):
    """Somebody has this text open at the desk; it fades two minutes after `at`."""

    __tablename__ = "desk_opening"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


class DeskSection(Model):
    """A moderator with rows here sees and decides only texts under articles with these tags."""

    __tablename__ = "desk_section"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)


class SavedView(Model):
    """A lane with its filters under a name, for one moderator."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)


class Batch(Model):
    """One act on many texts, done in parts by a job. `wish` is the act; `choice` holds `items`,
    frozen when it began: ids with the versions they had, or the entries of the record to undo.
    `key` stands in each of its rows in the record; `place` says how many items it has gone
    through."""

    __tablename__ = "desk_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    by_name: Mapped[str] = mapped_column(PersonName(NAME_LENGTH))
    wish: Mapped[dict[str, Any]] = mapped_column(JSON)
    choice: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default=BatchState.WAITING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[Account | None] = relationship()


class DeskLink(Model):
    """A link in a moderator's mail to one text at one version. Used once, then dead; only the
    fingerprint of its secret is kept."""

    __tablename__ = "desk_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
