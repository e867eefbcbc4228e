"""Measures about senders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import EMAIL_LENGTH, NAME_LENGTH, Account, Address
from app.infra import clock
from app.infra.db import Model, UtcDateTime
from app.infra.unnamed import PersonName

REASON_LENGTH = 500


class Measure(Model):
    """One measure, about exactly one of `account_id`, `address_id`, `pattern` (of addresses, with
    `*`) and `network`. In force from `at` until `until` (null: for ever) or `lifted_at`. `batch`
    names the acts that were one with it, such as rejecting all that waited."""

    __tablename__ = "measure"
    __table_args__ = (Index("ix_measure_in_force", "lifted_at", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    pattern: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH), index=True)
    network: Mapped[str | None] = mapped_column(String(43), index=True)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    by_name: Mapped[str] = mapped_column(PersonName(NAME_LENGTH))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str] = mapped_column(PersonName(NAME_LENGTH), default="")
    batch: Mapped[str] = mapped_column(String(32), default="")

    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    address: Mapped[Address | None] = relationship()
