"""What can be found. One row a published thing; the full-text indexes beside it are the
migration's (FTS5 with triggers on SQLite, a generated tsvector on PostgreSQL)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Model, UtcDateTime


class SearchDocument(Model):
    """`kind` is article, resource or question, `ref` the id there; `visible_from` keeps what is
    scheduled out of the results."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text, default="")
    visible_from: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
