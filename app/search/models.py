"""What can be found. One row a published thing; the full-text indexes beside it are the
migration's (FTS5 with triggers on SQLite, a generated tsvector on PostgreSQL)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.engines.matching.likeness import LONGEST_STEM
from app.infra import clock
from app.infra.db import Model, UtcDateTime

STEM_LENGTH = LONGEST_STEM
MODEL_LENGTH = 16
ASKED_LENGTH = 200


class SearchDocument(Model):
    """`kind` is article, resource, card or question, `ref` the id there; `visible_from` keeps what
    is scheduled out of the results. `title_stems` and `text_stems` are how many telling stems it
    has (`engines.matching.likeness`), in its title and in all of it; `read_version` is that of the
    reading, 0 while it waits to be read."""

    __tablename__ = "search_document"
    __table_args__ = (
        UniqueConstraint("kind", "ref"),
        Index("ix_search_document_stems", "title_stems", "text_stems"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text, default="")
    visible_from: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    title_stems: Mapped[int] = mapped_column(default=0)
    text_stems: Mapped[int] = mapped_column(default=0)
    read_version: Mapped[int] = mapped_column(default=0, index=True)


class SearchStem(Model):
    """In how many documents a stem stands."""

    __tablename__ = "search_stem"

    stem: Mapped[str] = mapped_column(String(STEM_LENGTH), primary_key=True)
    spread: Mapped[int] = mapped_column(default=0)


class SearchPosting(Model):
    """How often a stem stands in a document's title, and in all of it."""

    __tablename__ = "search_posting"
    __table_args__ = (
        Index("ix_search_posting_counted", "stem", "document_id", "in_title", "in_text"),
    )

    stem: Mapped[str] = mapped_column(String(STEM_LENGTH), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("search_document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    in_title: Mapped[int] = mapped_column(default=0)
    in_text: Mapped[int] = mapped_column(default=0)


class SearchVector(Model):
    """What a model of meaning made of a document: 32-bit floats in a row, of length one."""

    __tablename__ = "search_vector"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("search_document.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(String(MODEL_LENGTH), primary_key=True, index=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Suggestion(Model):
    """What was found for a text when it came in, best first, for the desk and the inbox."""

    __tablename__ = "suggestion"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    found: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Outcome(Model):
    """A suggestion was taken ("this answered it", a link at the desk) or not, where, and at which
    rank: what the weights are tuned by. `asked` are the first words of the question."""

    __tablename__ = "suggestion_outcome"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    place: Mapped[str] = mapped_column(String(10))
    asked: Mapped[str] = mapped_column(String(ASKED_LENGTH))
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int]
    rank: Mapped[int]
    by_words: Mapped[float] = mapped_column(default=0.0)
    by_meaning: Mapped[float] = mapped_column(default=0.0)
    taken: Mapped[bool]


class SearchMiss(Model):
    """Words that were searched for and found nothing, and how often."""

    __tablename__ = "search_miss"

    asked: Mapped[str] = mapped_column(String(ASKED_LENGTH), primary_key=True)
    times: Mapped[int] = mapped_column(default=0, index=True)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class Gap(Model):
    """Open questions that are alike: an article worth writing. Made anew by a job."""

    __tablename__ = "gap"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    words: Mapped[list[str]] = mapped_column(JSON)
    question_ids: Mapped[list[int]] = mapped_column(JSON)
    people: Mapped[int]
    oldest_at: Mapped[datetime] = mapped_column(UtcDateTime)
    weight: Mapped[float] = mapped_column(index=True)


class DraftedFor(Model):
    """A question that an article was begun for: the first to be told once it is published."""

    __tablename__ = "drafted_for"

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
