"""Tags and their synonyms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH
from app.infra import clock
from app.infra.db import Model, UtcDateTime
from app.infra.unnamed import PersonName

SLUG_LENGTH = 80
PHRASE_LENGTH = 80
OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
"""What became of a proposed phrase."""


class TagSynonym(Model):
    """A phrase that means a tag, as a reader would type it: "hip clicks"."""

    __tablename__ = "tag_synonym"
    __table_args__ = (UniqueConstraint("tag_id", "phrase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)
    phrase: Mapped[str] = mapped_column(String(PHRASE_LENGTH))


class Tag(Model):
    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(PHRASE_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")

    synonyms: Mapped[list[TagSynonym]] = relationship(
        order_by=TagSynonym.phrase, cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def phrases(self) -> tuple[str, ...]:
        """All that means this tag, its own name first."""
        return (self.name, *(synonym.phrase for synonym in self.synonyms))


class FormerTagSlug(Model):
    """An address a tag had, or that of a tag which was merged into it: old links go on working."""

    __tablename__ = "former_tag_slug"

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), index=True)


class PhraseProposal(Model):
    """Words that readers used for what carries a tag, and how often; they become a synonym when
    somebody says yes. `state` is open, accepted or declined."""

    __tablename__ = "phrase_proposal"
    __table_args__ = (UniqueConstraint("tag_id", "phrase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))
    phrase: Mapped[str] = mapped_column(String(PHRASE_LENGTH))
    seen: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default=OPEN, index=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decided_by: Mapped[str] = mapped_column(PersonName(NAME_LENGTH), default="")

    tag: Mapped[Tag] = relationship()
