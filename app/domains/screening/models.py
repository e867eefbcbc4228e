"""What the model knows, the rules people wrote, and the traces by which a text is found again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH
from app.domains.tags.models import Tag
from app.infra import clock
from app.infra.db import Model, UtcDateTime
from app.infra.unnamed import PersonName

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

    A lesson that is `behind` waits for a worker to bring the counts in step with it; until then
    they hold what it was before, `counted_spam` and `counted_source` (None: the source it has).
    """

    __tablename__ = "spam_lesson"
    __table_args__ = (
        Index(
            "ix_spam_lesson_behind",
            "id",
            sqlite_where=text("behind"),
            postgresql_where=text("behind"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), unique=True
    )
    is_spam: Mapped[bool | None]
    was_spam: Mapped[bool | None]
    source: Mapped[str] = mapped_column(Text)
    turns: Mapped[int] = mapped_column(default=0)
    behind: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    counted_spam: Mapped[bool | None]
    counted_source: Mapped[str | None] = mapped_column(Text)


class Rule(Model):
    """What moderators want to be watched for. `lines` are phrases, patterns, hosts, addresses or
    networks (`kind`), one a line; `effect` is what a text that has one of them meets. `tag_id` is
    for the effect of tagging, `note` for that of a red flag: the reader sees it at once. A rule
    that is not live is only rehearsed."""

    __tablename__ = "screening_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    lines: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(String(10))
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    is_live: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    changed_by: Mapped[str] = mapped_column(PersonName(NAME_LENGTH), default="")
    version: Mapped[int] = mapped_column(default=1)

    tag: Mapped[Tag | None] = relationship()


class TextTrace(Model):
    """A number that texts which are nearly the same are likely to share (`engines.spam.likeness`),
    kept for as long as a campaign lasts."""

    __tablename__ = "text_trace"

    trace: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
