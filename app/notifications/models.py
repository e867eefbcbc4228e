"""Who wants no mail of which kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
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
