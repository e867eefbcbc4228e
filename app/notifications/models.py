"""Who wants no mail of which kind, and who follows what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock
from app.infra.db import Model, UtcDateTime


class MailRefusal(Model):
    """An address that unsubscribed from a topic (`notifications.states.Topic`)."""

    __tablename__ = "mail_refusal"

    address_id: Mapped[int] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Follow(Model):
    """The owner of an address wants to hear of what is new in one thing.

    A row is made when the owner has said so: signed in, in a browser that has proven the address,
    or by the link that was mailed to it. Whoever only types an address makes none. One of the
    references says what is followed; the row goes with it, or when its owner follows it no more.
    """

    __tablename__ = "follow"
    __table_args__ = (
        UniqueConstraint("article_id", "address_id"),
        UniqueConstraint("question_id", "address_id"),
        UniqueConstraint("tag_id", "address_id"),
        UniqueConstraint("card_id", "address_id"),
        UniqueConstraint("author_id", "address_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    address_id: Mapped[int] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    """Where to write to; kept as long as it is followed."""
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))
    card_id: Mapped[int | None] = mapped_column(ForeignKey("answer_card.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    often: Mapped[str] = mapped_column(String(8))
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    """Since when, and when the owner of the address said so."""


class FollowerTold(Model):
    """One cause of mail that a follower was told of, so that no mail brings it again.

    Personal: it says what an address followed. Kept for `jobs.KEPT`, like the mail's own row."""

    __tablename__ = "follower_told"
    __table_args__ = (Index("ix_follower_told_at", "at"),)

    address_id: Mapped[int] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), primary_key=True
    )
    cause: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
