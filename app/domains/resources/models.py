"""Resources and the tags they carry."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.tags.models import SLUG_LENGTH, Tag
from app.infra import clock
from app.infra.db import Base, Model, UtcDateTime

TITLE_LENGTH = 200
SUMMARY_LENGTH = 500
URL_LENGTH = 2000

resource_tag = Table(
    "resource_tag",
    Base.metadata,
    Column("resource_id", ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


def resource_path(slug: str) -> str:
    """The path of the page of the resource with this slug."""
    return f"/resources/{quote(slug)}"


class Resource(Model):
    """Something that exists. `url` leads elsewhere (http or https); `source` is Markdown for what
    stands on the resource's own page, `html` the safe rendering of it."""

    __tablename__ = "resource"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(String(SUMMARY_LENGTH), default="")
    url: Mapped[str | None] = mapped_column(String(URL_LENGTH))
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    render_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)

    tags: Mapped[list[Tag]] = relationship(secondary=resource_tag, order_by=Tag.name)

    @property
    def href(self) -> str:
        """The path of its own page, which says where else it leads."""
        return resource_path(self.slug)


class LinkCheck(Model):
    """Whether a resource's address still leads somewhere. `status` is the last answer's, null where
    there was none; `failures` are counted in a row; `dead_since` is set after enough of them;
    `moved_to` is the address that the server names instead, for good."""

    __tablename__ = "link_check"
    __table_args__ = (
        Index(
            "ix_link_check_failing",
            "resource_id",
            sqlite_where=text("failures > 0"),
            postgresql_where=text("failures > 0"),
        ),
    )

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[str] = mapped_column(String(URL_LENGTH))
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(SUMMARY_LENGTH), default="")
    failures: Mapped[int] = mapped_column(default=0)
    dead_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_to: Mapped[str | None] = mapped_column(String(URL_LENGTH))
