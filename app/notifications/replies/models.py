"""The mails that came in as answers: what became of each, and no word of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import Address
from app.domains.comments.models import Comment
from app.infra import clock
from app.infra.db import Model, UtcDateTime

SENDER_LENGTH = 120
WHY_LENGTH = 700


class MailedReply(Model):
    """One mail that came to the site. Kept for 30 days, so that whoever runs the site can see why
    something did not come, and the same mail is known when it comes again; afterwards the address
    it was sent to has ended."""

    __tablename__ = "mailed_reply"
    __table_args__ = (Index("ix_mailed_reply_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """A fingerprint of where it came to and its Message-ID: one mail counts once."""
    text_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """A fingerprint of the same place with the words, of one that was placed."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    outcome: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(WHY_LENGTH), default="")
    """What the owner of the address was told, or what the admin reads."""
    sender: Mapped[str] = mapped_column(String(SENDER_LENGTH), default="")
    """Who it says it is from, with the addresses masked. Personal; kept as long as the row."""
    files: Mapped[int] = mapped_column(default=0)
    """Attachments that were dropped."""
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    """Whose answer it is, where the address it came to holds. Personal; kept as long as the row."""
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="SET NULL"), index=True
    )
    """What it answers."""
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="SET NULL"), index=True
    )
    """The text that it became."""

    address: Mapped[Address | None] = relationship(lazy="raise", viewonly=True)
    reply: Mapped[Comment | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[reply_id]
    )
