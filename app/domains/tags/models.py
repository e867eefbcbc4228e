"""Tags and their synonyms."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.infra.db import Model

SLUG_LENGTH = 80
PHRASE_LENGTH = 80


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
