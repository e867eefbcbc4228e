"""What the model knows, and the verdicts that it knows it from."""

from __future__ import annotations

from sqlalchemy import Float, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Model

TERM_LENGTH = 120


class SpamTerm(Model):
    """A feature: in how many good and spam texts it stood, and its weight in the regression.

    Two rows are no features but totals (`engines.spam.model.TEXTS` and `TERMS`).
    """

    __tablename__ = "spam_term"

    term: Mapped[str] = mapped_column(String(TERM_LENGTH), primary_key=True)
    good: Mapped[int] = mapped_column(default=0)
    spam: Mapped[int] = mapped_column(default=0)
    weight: Mapped[float] = mapped_column(Float, default=0.0)
    slopes: Mapped[float] = mapped_column(Float, default=0.0)


class SpamLesson(Model):
    """What one comment taught, so that it is never learnt twice and can be unlearnt exactly.

    `is_spam` None teaches nothing at present; `was_spam` is what it taught before the last
    decision, for undo. `source` is the text as it was learnt: later edits do not touch it. `turns`
    counts changes. A lesson without a comment is of the seed.
    """

    __tablename__ = "spam_lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), unique=True
    )
    is_spam: Mapped[bool | None]
    was_spam: Mapped[bool | None]
    source: Mapped[str] = mapped_column(Text)
    turns: Mapped[int] = mapped_column(default=0)
