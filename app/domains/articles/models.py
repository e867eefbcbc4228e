"""Articles, their former slugs, redirects from an old site, and uploaded images."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import Account
from app.domains.articles.states import ArticleStatus
from app.domains.resources.models import SUMMARY_LENGTH, TITLE_LENGTH
from app.domains.tags.models import SLUG_LENGTH, Tag
from app.infra import clock
from app.infra.db import Base, Model, UtcDateTime

WORDS_A_MINUTE = 220

article_tag = Table(
    "article_tag",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)


def article_path(slug: str) -> str:
    """The path of the page of the article with this slug."""
    return f"/articles/{quote(slug)}"


class Article(Model):
    """One article. `source` is Markdown, `html` its safe rendering; `comments_open` is the switch
    by hand (closing by age is a rule, see `policy.takes_comments`); `version` counts saves, so that
    a stale form is seen."""

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_status_published_at", "status", "published_at"),
        Index("ix_article_author_id_status_published_at", "author_id", "status", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    summary: Mapped[str] = mapped_column(String(SUMMARY_LENGTH), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    render_version: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    status: Mapped[str] = mapped_column(
        String(12), default=ArticleStatus.DRAFT, active_history=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    comments_open: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    author: Mapped[Account] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=article_tag, order_by=Tag.name)

    @property
    def href(self) -> str:
        """The path of its page."""
        return article_path(self.slug)

    @property
    def reading_minutes(self) -> int:
        """How long its text takes at a usual pace for plain prose."""
        return max(1, round(len(self.source.split()) / WORDS_A_MINUTE))

    def is_visible(self, at: datetime) -> bool:
        """Whether everyone may read it at this time."""
        return (
            self.status == ArticleStatus.PUBLISHED
            and self.published_at is not None
            and self.published_at <= at
        )


class FormerSlug(Model):
    """A slug an article once had; its address redirects for ever."""

    __tablename__ = "former_slug"

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )


class Redirect(Model):
    """An address of a former site (`/2012/01/07/hello/`, `/?p=12`) and the article now there."""

    __tablename__ = "redirect"

    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), index=True
    )


class Image(Model):
    """An uploaded picture, re-encoded; `name` is its file under the media folder."""

    __tablename__ = "image"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    uploader_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
