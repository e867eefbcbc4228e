"""Comments, the texts they had before, and the tags they carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.models import NAME_LENGTH, Account, Address
from app.domains.articles.models import Article
from app.domains.comments.states import Kind, Status
from app.domains.tags.models import Tag
from app.engines.text.slug import slugify
from app.infra import clock, tokens
from app.infra.db import Model, UtcDateTime

TITLE_LENGTH = 120
REASON_LENGTH = 500
WORDS_LENGTH = 200


class CommentTag(Model):
    """A tag on a comment: put by hand, or found in `words` of the text."""

    __tablename__ = "comment_tag"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(
        ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    by_hand: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(WORDS_LENGTH), default="")

    tag: Mapped[Tag] = relationship(lazy="joined", innerjoin=True)


class Comment(Model):
    """Anything written under an article.

    `parent_id` is the true parent however deep; `root_id` the thread's first comment (null on that
    comment itself); `question_id` the nearest question above. `by_author` is a fact of the time
    of writing: the writer was signed in as the article's author or with the author's role. `source`
    is what was typed, `html` the safe rendering. `version` counts changes of state and text, so
    that a decision on a stale page is refused. `nonce` goes into the private link. `submit_key`
    comes from the form and makes a second click find the first comment.
    """

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_article_id_status", "article_id", "status", "root_id"),
        Index("ix_comment_queue", "status", "created_at", "id"),
        Index("ix_comment_account_id_status", "account_id", "status"),
        Index("ix_comment_address_id_status", "address_id", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default=Kind.COMMENT)
    status: Mapped[str] = mapped_column(String(12), default=Status.PENDING)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    author_url: Mapped[str | None] = mapped_column(String(200))
    by_author: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reject_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    version: Mapped[int] = mapped_column(default=1)
    nonce: Mapped[str] = mapped_column(String(32), default=tokens.new_nonce)
    submit_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    article: Mapped[Article] = relationship()
    parent: Mapped[Comment | None] = relationship(
        remote_side="Comment.id", foreign_keys=[parent_id], viewonly=True
    )
    account: Mapped[Account | None] = relationship()
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
            return f"/questions/{self.id}-{quote(slugify(self.title))}"
        return f"/comments/{self.id}#comment-{self.id}"

    @property
    def thread_id(self) -> int:
        """The id of the thread's first comment."""
        return self.root_id or self.id


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
    editor_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
