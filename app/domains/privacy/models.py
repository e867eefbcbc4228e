"""Copies that people asked for, and people who are to be erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock
from app.infra.db import Model, UtcDateTime


class DataCopy(Model):
    """Somebody's copy of everything of theirs: one an account, or one a guest's proven address. It
    stands in the database, in pieces, since any process may be asked for it. `written` of `parts`
    are done; it can be taken from `made_at` on, `copies.KEPT` long, and then goes."""

    __tablename__ = "data_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), unique=True
    )
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), unique=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    parts: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(default=0)


class DataCopyPiece(Model):
    """A piece of the file, `copies.PIECE` bytes at most. It goes with the copy."""

    __tablename__ = "data_copy_piece"

    copy_id: Mapped[int] = mapped_column(
        ForeignKey("data_copy.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Model):
    """Somebody is to be erased at `due_at`, or was at `done_at`. The numbers are those of rows that
    are gone, and `address_key` is an HMAC (`leaving.key_of`); so the row names nobody, and a backup
    that brings the person back can be told that they were erased. It is kept for good."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(index=True)
    address_id: Mapped[int | None] = mapped_column(index=True)
    address_key: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
