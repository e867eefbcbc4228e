"""Answers that lean on something that changed: marked, so that somebody looks whether they are
still right. Verbs that flush, never commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import joinedload

from app.domains.accounts.models import Account
from app.domains.answers.rechecking import links_to
from app.domains.articles.models import Article
from app.domains.comments import traces
from app.domains.comments.models import WORDS_LENGTH, Comment
from app.domains.comments.queries import published
from app.domains.moderation import recheck_errors
from app.infra import audit, clock
from app.infra.audit import AuditEntry
from app.infra.db import db

COUNTED = 1_000
"""Answers to look at again; pages say "more than" of more, and cost no more."""
SPAN = 5_000
"""Ids looked at in one transaction, so that no decision waits long behind a search."""


def mark(addresses: Sequence[str], reason: str, *, after: int) -> int | None:
    """Mark the author's published answers that link to one of these addresses, among the next ids
    after this one. Where to go on, or None when that was the last.

    A second call marks nothing anew: the time of the first stays, the reason is the newest.
    """
    last = db.session.scalar(select(func.max(Comment.id))) or 0
    upto = min(after + SPAN, last)
    db.session.execute(
        update(Comment)
        .where(
            Comment.id > after,
            Comment.id <= upto,
            Comment.by_author.is_(True),
            published(),
            or_(*links_to(Comment.html, addresses)),
        )
        .values(
            recheck_at=func.coalesce(Comment.recheck_at, clock.now()),
            recheck_reason=reason[:WORDS_LENGTH],
        )
        .execution_options(synchronize_session=False)
    )
    return upto if upto < last else None


def lift(reason: str) -> None:
    """Take the marks away that say this and nothing newer."""
    db.session.execute(
        update(Comment)
        .where(Comment.recheck_at.is_not(None), Comment.recheck_reason == reason[:WORDS_LENGTH])
        .values(recheck_at=None, recheck_reason="")
        .execution_options(synchronize_session=False)
    )


def waiting(author: Account | None, limit: int) -> list[Comment]:
    """The published answers to look at again under this author's articles, everybody's for None,
    the longest marked first, with the articles."""
    found = db.session.scalars(
        select(Comment)
        .options(joinedload(Comment.article))
        .where(*_waits(author))
        .order_by(Comment.recheck_at, Comment.id)
        .limit(limit)
    )
    return list(found)


def count_waiting(author: Account | None) -> int:
    """How many there are, counted to COUNTED."""
    some = select(Comment.id).where(*_waits(author)).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _waits(author: Account | None) -> list[ColumnElement[bool]]:
    where = [Comment.recheck_at.is_not(None), published()]
    if author is not None:
        own = select(Article.id).where(Article.author_id == author.id)
        where.append(Comment.article_id.in_(own))
    return where


def still_right(comment: Comment, *, by: Account) -> AuditEntry:
    """Somebody looked and the answer holds, with its row in the record, which undoing takes back.

    Raises NothingToCheck where nothing is marked.
    """
    if comment.recheck_at is None:
        raise recheck_errors.NothingToCheck
    before = traces.seen(comment)
    comment.recheck_at, comment.recheck_reason = None, ""
    comment.version += 1
    db.session.flush()
    return audit.write(
        "still right",
        "comment",
        comment.id,
        by=by,
        detail=traces.difference(before, traces.seen(comment)),
    )
