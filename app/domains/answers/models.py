"""Answer cards, the texts they had, what they rest on, and the questions they answer."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH, Account
from app.domains.articles.models import Article
from app.domains.resources.models import Resource
from app.domains.tags.models import SLUG_LENGTH, Tag
from app.infra import clock
from app.infra.db import Base, Model, UtcDateTime
from app.infra.unnamed import PersonName

TITLE_LENGTH = 200
WORDS_LENGTH = 200
REASON_LENGTH = 500

card_tag = Table(
    "card_tag",
    Base.metadata,
    Column("card_id", ForeignKey("answer_card.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True),
)
card_resource = Table(
    "card_resource",
    Base.metadata,
    Column("card_id", ForeignKey("answer_card.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "resource_id", ForeignKey("resource.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)
card_article = Table(
    "card_article",
    Base.metadata,
    Column("card_id", ForeignKey("answer_card.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True
    ),
)


def card_path(slug: str) -> str:
    """The path of the page of the card with this slug."""
    return f"/answers/{quote(slug)}"


class AnswerCard(Model):
    """One answer. `source` is Markdown, `html` the safe rendering; `origin_id` the reply it was
    made of, if it was; `retired_at` takes it out of every list but leaves it where it answers.
    `recheck_at` says since when it must be looked at again, `recheck_reason` why. `version` counts
    the texts. `people`, `questions` and `not_helped` are kept by `comments.card_counts`."""

    __tablename__ = "answer_card"
    __table_args__ = (
        Index(
            "ix_answer_card_recheck_at",
            "recheck_at",
            sqlite_where=text("recheck_at IS NOT NULL"),
            postgresql_where=text("recheck_at IS NOT NULL"),
        ),
        Index("ix_answer_card_most_asked", "people", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int] = mapped_column(default=0)
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True
    )
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recheck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recheck_reason: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")
    version: Mapped[int] = mapped_column(default=1)
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    questions: Mapped[int] = mapped_column(default=0, server_default="0")
    not_helped: Mapped[int] = mapped_column(default=0, server_default="0")

    owner: Mapped[Account | None] = relationship()
    tags: Mapped[list[Tag]] = relationship(secondary=card_tag, order_by=Tag.name)
    resources: Mapped[list[Resource]] = relationship(
        secondary=card_resource, order_by=Resource.title
    )
    articles: Mapped[list[Article]] = relationship(secondary=card_article, order_by=Article.title)

    @property
    def href(self) -> str:
        return card_path(self.slug)


class FormerCardSlug(Model):
    """A slug that a card once had; its address redirects for ever."""

    __tablename__ = "former_card_slug"

    slug: Mapped[str] = mapped_column(String(SLUG_LENGTH), primary_key=True)
    card_id: Mapped[int] = mapped_column(
        ForeignKey("answer_card.id", ondelete="CASCADE"), index=True
    )


class CardRevision(Model):
    """What a card said before an edit."""

    __tablename__ = "card_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(
        ForeignKey("answer_card.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    editor_name: Mapped[str] = mapped_column(PersonName(NAME_LENGTH))


class CardLink(Model):
    """A card answers a question. `because` are the words that told so; `helped` is what the asker
    said: null nothing yet, false puts the question back among the unanswered, with the reason."""

    __tablename__ = "card_link"
    __table_args__ = (
        UniqueConstraint("comment_id", "card_id"),
        Index("ix_card_link_card_id_comment_id", "card_id", "comment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    card_id: Mapped[int] = mapped_column(
        ForeignKey("answer_card.id", ondelete="CASCADE"), index=True
    )
    how: Mapped[str] = mapped_column(String(10))
    because: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    helped: Mapped[bool | None]
    helped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")

    card: Mapped[AnswerCard] = relationship()
