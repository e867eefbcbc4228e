"""Comments, the texts they had before, and the tags they carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH, Account, Address
from app.domains.articles.models import Article
from app.domains.comments.first_reasons import RejectReason
from app.domains.comments.states import Kind, Status
from app.domains.tags.models import Tag
from app.engines.text.slug import slugify
from app.infra import clock, tokens
from app.infra.db import Model, UtcDateTime
from app.infra.unnamed import PersonName

TITLE_LENGTH = 120
REASON_LENGTH = 500
WORDS_LENGTH = 200
BY_TAG = "ix_comment_tag_tag_id_comment_id"
"""The index in which a tag's list is walked."""


def _queue_index(name: str, *columns: str) -> Index:
    waiting = text("status = 'pending'")
    return Index(
        f"ix_comment_queue_{name}", *columns, sqlite_where=waiting, postgresql_where=waiting
    )


def _set_index(column: str) -> Index:
    """Over the few rows that have this column set."""
    is_set = text(f"{column} IS NOT NULL")
    return Index(f"ix_comment_{column}", column, "id", sqlite_where=is_set, postgresql_where=is_set)


class CommentTag(Model):
    """A tag on a comment: put by hand, or found in `words` of the text."""

    __tablename__ = "comment_tag"
    __table_args__ = (Index(BY_TAG, "tag_id", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    by_hand: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")

    tag: Mapped[Tag] = relationship(lazy="joined", innerjoin=True)


class Comment(Model):
    """Anything written under an article.

    `parent_id` is the true parent however deep; `root_id` the thread's first comment (null on that
    comment itself); `question_id` the nearest question above. `by_author` is a fact of the time
    of writing: the writer was signed in as the article's author or with the author's role.
    `by_proven`: a guest wrote it who had proven in their browser that the address is theirs, or
    said so when they proved it; an address that was only typed is a claim, and `disowned_at` when
    its owner said that the text is not theirs: kept with the text, so that they are not asked again
    and nothing about it is mailed to them. `source` is what was
    typed, `html` the safe rendering. `version` counts changes of state and text, so that a decision
    on a stale page is refused. `nonce` goes into the private link. `submit_key`
    is of former releases: repeats are known by `infra.repeats`.

    For the desk: `network` is the sender's, shortened and kept for 30 days; `language` a code such
    as `en`, empty where it cannot be told; `certainty` how sure the spam model was, 0 to 1, either
    way; `people_waiting` how many people asked this; `red_flag` that it speaks of what a
    professional must see; `held_for_id` and `held_note` the colleague it waits for, and why;
    `report_weight` and `reported_at` sum up the open reports of readers; `recheck_at` says since
    when it must be looked at again, `recheck_reason` why.
    """

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_article_id_status", "article_id", "status", "root_id"),
        Index(
            "ix_comment_roots",
            "article_id",
            "created_at",
            "id",
            "status",
            sqlite_where=text("root_id IS NULL"),
            postgresql_where=text("root_id IS NULL"),
        ),
        Index("ix_comment_queue", "status", "created_at", "id"),
        Index("ix_comment_account_id_status", "account_id", "status"),
        Index("ix_comment_address_id_status", "address_id", "status"),
        _queue_index("certainty", "certainty", "id"),
        _queue_index("people", "people_waiting", "created_at", "id"),
        Index(
            "ix_comment_queue_red_flag",
            "created_at",
            "id",
            sqlite_where=text("red_flag AND status = 'pending'"),
            postgresql_where=text("red_flag AND status = 'pending'"),
        ),
        _set_index("reported_at"),
        _set_index("recheck_at"),
        _set_index("decided_at"),
        _set_index("held_for_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What stood there before is always known: it says which kept pages show the row.
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), active_history=True
    )
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(
        ForeignKey("comment.id"), index=True, active_history=True
    )
    question_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default=Kind.COMMENT, active_history=True)
    status: Mapped[str] = mapped_column(String(12), default=Status.PENDING, active_history=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(PersonName(NAME_LENGTH))
    author_url: Mapped[str | None] = mapped_column(String(200))
    by_author: Mapped[bool] = mapped_column(default=False)
    by_proven: Mapped[bool] = mapped_column(default=False)
    disowned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reject_reason: Mapped[str] = mapped_column(RejectReason(REASON_LENGTH), default="")
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    version: Mapped[int] = mapped_column(default=1)
    nonce: Mapped[str] = mapped_column(String(32), default=tokens.new_nonce)
    submit_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    # What the desk sorts and filters by; each is told in the class's docstring.
    network: Mapped[str | None] = mapped_column(String(43))
    language: Mapped[str] = mapped_column(String(8), default="")
    certainty: Mapped[float] = mapped_column(default=0.0)
    people_waiting: Mapped[int] = mapped_column(default=1)
    red_flag: Mapped[bool] = mapped_column(default=False)
    held_for_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    held_note: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    report_weight: Mapped[int] = mapped_column(default=0)
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recheck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recheck_reason: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")
    forgotten_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its words, its name and its address are gone (`forgetting`)."""

    article: Mapped[Article] = relationship()
    parent: Mapped[Comment | None] = relationship(
        remote_side="Comment.id", foreign_keys=[parent_id], viewonly=True
    )
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    held_for: Mapped[Account | None] = relationship(foreign_keys=[held_for_id], viewonly=True)
    address: Mapped[Address | None] = relationship()
    tags: Mapped[list[CommentTag]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by=CommentTag.tag_id
    )

    @property
    def is_question(self) -> bool:
        return self.kind == Kind.QUESTION

    @property
    def is_published(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def href(self) -> str:
        """The path where it is read once it is published: a question on a page of its own, the
        rest in their thread."""
        if self.is_question:
            return question_path(self.id, self.title)
        return f"/comments/{self.id}#comment-{self.id}"

    @property
    def thread_id(self) -> int:
        """The id of the thread's first comment."""
        return self.root_id or self.id


def question_path(question_id: int, title: str) -> str:
    """Where a question has a page of its own."""
    return f"/questions/{question_id}-{quote(slugify(title))}"


class CommentRevision(Model):
    """The text a comment had before an edit."""

    __tablename__ = "comment_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    editor_name: Mapped[str] = mapped_column(PersonName(NAME_LENGTH))


class MeToo(Model):
    """Somebody has the same question: once a person, by account or by proven address."""

    __tablename__ = "me_too"
    __table_args__ = (
        UniqueConstraint("comment_id", "account_id"),
        UniqueConstraint("comment_id", "address_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
