"""Earlier texts that are nearly the same as a new one: found, and asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select, update

from app.domains.comments import me_too, queries
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.screening import copies
from app.engines.spam.likeness import Runs, likeness, runs
from app.infra.db import UtcDateTime, db, rows_of

SAME_TEXT_WINDOW = timedelta(minutes=5)
"""How long the same text from the same sender is taken for a second click (Discourse's default)."""
OTHERS_WINDOW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An earlier text, how like it is (0 to 1), and whether the same sender sent it. `is_open` for
    a question that waits for a moderator or for an answer."""

    comment_id: int
    likeness: float
    is_own: bool
    is_open: bool
    people_waiting: int
    created_at: datetime


def who(comment: Comment) -> dict[str, Any]:
    """What `said_before` wants to know of a text."""
    return {
        "key": comment.text_key,
        "account": comment.account_id,
        "address": comment.address_id,
        "self": comment.id or 0,
        "moment": comment.created_at - SAME_TEXT_WINDOW,
        "day": comment.created_at - OTHERS_WINDOW,
    }


def said_before(*, by_account: bool) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether this sender said just this within five minutes under any article, and whether
    another address did within a day: the mark of a campaign."""
    same = (Comment.text_key == bindparam("key"), Comment.id != bindparam("self"))
    sender = (
        Comment.account_id == bindparam("account")
        if by_account
        else and_(Comment.account_id.is_(None), Comment.address_id == bindparam("address"))
    )
    by_self = exists().where(
        *same,
        Comment.created_at >= bindparam("moment", type_=UtcDateTime),
        Comment.status != Status.WITHDRAWN,
        sender,
    )
    by_others = exists().where(
        *same,
        Comment.created_at >= bindparam("day", type_=UtcDateTime),
        Comment.address_id != bindparam("address"),
    )
    return by_self, by_others


def alike(
    comment: Comment, own_runs: Runs, traces: tuple[int, ...], *, least: float
) -> tuple[Lookalike, ...]:
    """The texts of the last seven days that are at least so like this one, the likest first; what
    their senders took back is left out. One query, or none for a text without traces."""
    if not traces:
        return ()
    rows = rows_of(
        _statement(),
        {
            **copies.named(traces),
            "self": comment.id or 0,
            "since": comment.created_at - copies.KEPT,
        },
    )
    found = []
    for row in rows:
        is_own = (
            row.account_id == comment.account_id
            if comment.account_id is not None
            else row.account_id is None and row.address_id == comment.address_id
        )
        waits = row.status == Status.PENDING or (row.status == Status.APPROVED and not row.answered)
        found.append(
            Lookalike(
                row.id,
                likeness(own_runs, runs(row.source)),
                is_own,
                waits and row.kind == Kind.QUESTION,
                row.people_waiting,
                row.created_at,
            )
        )
    close = (one for one in found if one.likeness >= least)
    return tuple(sorted(close, key=lambda one: (-one.likeness, one.comment_id)))


@cache
def _statement() -> Select[*tuple[Any, ...]]:
    return select(
        Comment.id,
        Comment.source,
        Comment.account_id,
        Comment.address_id,
        Comment.kind,
        Comment.status,
        Comment.people_waiting,
        Comment.created_at,
        queries.is_answered().label("answered"),
    ).where(
        Comment.id.in_(copies.sharing()),
        Comment.id != bindparam("self"),
        Comment.status != Status.WITHDRAWN,
        Comment.created_at >= bindparam("since", type_=UtcDateTime),
    )


def count_asker(comment: Comment, earlier: tuple[Lookalike, ...], *, is_proven: bool) -> None:
    """Count somebody who asks again what another asked, on the earlier question.

    Only a proven person counts, once for each question, and only while it waits for a moderator or
    an answer; of several earlier ones the one that most people wait for. Whoever said there that
    they have it too is counted already (`me_too`). What becomes of the later text does not change
    the count: whoever asked still wants to know.
    """
    if not is_proven or not comment.is_question or comment.status == Status.SPAM:
        return
    asked = [one for one in earlier if one.is_open and not one.is_own]
    if not asked or any(one.is_own for one in earlier):
        return
    first = min(asked, key=lambda one: (-one.people_waiting, one.comment_id))
    if me_too.said_so(
        first.comment_id, account_id=comment.account_id, address_id=comment.address_id
    ):
        return
    db.session.execute(
        update(Comment)
        .where(Comment.id == first.comment_id)
        .values(people_waiting=Comment.people_waiting + 1)
    )
