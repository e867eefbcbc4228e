"""Texts that lose their words, their names and whatever was made of them, and stay as rows that
others hang on. Nothing brings the words back: no decision and no undoing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, delete, func, or_, select, update

from app.domains.comments.models import Comment, CommentRevision
from app.domains.comments.states import Status
from app.domains.screening.models import SpamLesson
from app.engines.spam.checks import NAMESAKE, NAMESAKE_ERASED
from app.engines.spam.verdict import Reason
from app.infra import clock
from app.infra.db import db

REFUSED = (Status.REJECTED, Status.SPAM, Status.WITHDRAWN, Status.DELETED)
NAMELESS: dict[str, Any] = {
    "account_id": None,
    "address_id": None,
    "author_url": None,
    "by_proven": False,
    "network": None,
    "nonce": "",
    "submit_key": None,
}
"""What says whose a text is, but for the name. Without its nonce no private link opens it."""
WORDLESS: dict[str, Any] = {
    "source": "",
    "html": "",
    "title": "",
    "language": "",
    "text_key": "",
    "verdict": {},
    "held_note": "",
    "reject_reason": "",
    "recheck_reason": "",
}
_PAST_THE_SESSION = {"synchronize_session": False}


def refused_before(before: datetime, *, after: int, limit: int) -> Sequence[int]:
    """The ids above `after` of what guests wrote and was refused, taken for spam, taken back or
    deleted before this; and has its words still."""
    settled: ColumnElement[datetime] = func.coalesce(Comment.decided_at, Comment.created_at)
    return db.session.scalars(
        select(Comment.id)
        .where(
            Comment.status.in_(REFUSED),
            Comment.account_id.is_(None),
            Comment.forgotten_at.is_(None),
            settled < before,
            Comment.id > after,
        )
        .order_by(Comment.id)
        .limit(limit)
    ).all()


def forget(comment_ids: Collection[int], name: str) -> None:
    """Take the words of these texts, which everyone may read no more, and put `name` in the place
    of their writers' names. What they taught stays in the counts, and nowhere else."""
    values = {**NAMELESS, **WORDLESS, "author_name": name, "forgotten_at": clock.now()}
    those = Comment.id.in_(comment_ids)
    db.session.execute(
        update(Comment).where(those).values(**values, version=Comment.version + 1),
        execution_options=_PAST_THE_SESSION,
    )
    for model in (CommentRevision, SpamLesson):
        gone = delete(model).where(model.comment_id.in_(comment_ids))
        db.session.execute(gone, execution_options=_PAST_THE_SESSION)


def forget_namesakes(texts: Collection[Comment]) -> None:
    """What the desk was told of others in the threads of these texts may name their writers, as
    somebody who is called alike."""
    threads, names = {one.thread_id for one in texts}, {one.author_name for one in texts}
    others = select(Comment).where(
        or_(Comment.id.in_(threads), Comment.root_id.in_(threads)),
        cast(Comment.verdict, String).contains(f'"{NAMESAKE}"'),
    )
    for comment in db.session.scalars(others):
        reasons = [_unnamed(one, names) for one in comment.verdict.get("reasons", [])]
        comment.verdict = {**comment.verdict, "reasons": reasons}


def _unnamed(reason: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    called = reason.get("said", {}).get("values", {}).get("name")
    if reason.get("name") != NAMESAKE or called not in names:
        return reason
    return Reason(NAMESAKE, reason["weight"], NAMESAKE_ERASED).as_stored()
