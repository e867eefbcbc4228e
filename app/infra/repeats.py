"""Requests that were answered, by their keys: a repeat after a lost answer is answered alike.

A key counts for one caller alone and for a day. What is stored is fingerprints, made with the
site's secret, and where the first answer led; no text, and nothing by which another could get in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import Executable, Index, Insert, Select, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock, locks, tokens
from app.infra.db import Base, Model, UtcDateTime, adding, db, is_postgresql, rows_of, write_rows
from app.infra.refusal import Refusal

KEPT = timedelta(hours=24)
"""How long a key is known; afterwards it stands for a new request."""
LONGEST = 255
"""Characters of a key."""
MOST_OF_A_CALLER = 500
"""The newest keys of a caller that are kept at least; 5 % more at times."""
ANSWER_LENGTH = 300


class UnfitKey(Refusal):
    public = "The header Idempotency-Key has 1 to 255 visible characters of ASCII."
    status = 400


class KeyOfAnother(Refusal):
    public = (
        "This was sent before under the same key with other words, so nothing was done now. Give "
        "every request a key of its own."
    )
    status = 422


class AnsweredRequest(Model):
    """`subject_id` is what the request made, where that says all; `answer` what else is needed to
    answer again."""

    __tablename__ = "answered_request"
    __table_args__ = (Index("ix_answered_request_caller_at", "caller", "at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    caller: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(ANSWER_LENGTH), default="")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now, index=True)


TABLE = Base.metadata.tables[AnsweredRequest.__tablename__]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is known again: all three are fingerprints."""

    key: str
    caller: str
    body: str


class Answered(NamedTuple):
    """The first answer to a request."""

    body: str
    subject_id: int | None
    answer: str


def asked(caller: str, key: str, body: str) -> Asked:
    """The request of this caller under this key: nobody else's key is ever the same."""
    return Asked(
        tokens.private_key("repeat", caller, key),
        tokens.private_key("caller", caller),
        tokens.fingerprint(body),
    )


def find(request: Asked) -> Answered | None:
    """How this was answered already; whoever sends the same at this moment waits until this
    transaction ends. Raises KeyOfAnother where the key came with something else before."""
    locks.take([f"repeat {request.key}"])
    return look(request)


def look(request: Asked) -> Answered | None:
    """The same without waiting, for those who only want to know."""
    since = clock.now() - KEPT
    found = rows_of(_known(), {"key": request.key, "since": since})
    if not found:
        return None
    first = Answered(*found[0])
    if first.body != request.body:
        raise KeyOfAnother
    return first


def keep(request: Asked, *, subject_id: int | None = None, answer: str = "") -> None:
    """Remember how this request was answered, in the transaction of what it did."""
    values = {
        "key": request.key,
        "caller": request.caller,
        "body": request.body,
        "subject_id": subject_id,
        "answer": answer,
        "at": clock.now(),
    }
    write_rows(_keeping(postgres=is_postgresql()), values)
    if request.key.startswith(_NOW_AND_THEN):
        db.session.execute(_forgetting(), {"whose": request.caller})


_NOW_AND_THEN = ("0", "8")
"""Of keys, whose signs come by chance: at one of eight the caller's old ones are forgotten."""


@cache
def _known() -> Select[str, int | None, str]:
    return select(AnsweredRequest.body, AnsweredRequest.subject_id, AnsweredRequest.answer).where(
        AnsweredRequest.key == bindparam("key"),
        AnsweredRequest.at > bindparam("since", type_=UtcDateTime),
    )


@cache
def _keeping(*, postgres: bool) -> Insert:
    """A key that is too old to count is written over."""
    statement = adding(TABLE, postgres=postgres)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["key"],
        set_={name: new[name] for name in ("body", "subject_id", "answer", "at")},
    )


@cache
def _forgetting() -> Executable:
    newest = (
        select(TABLE.c.at)
        .where(TABLE.c.caller == bindparam("whose"))
        .order_by(TABLE.c.at.desc())
        .limit(1)
        .offset(MOST_OF_A_CALLER)
        .scalar_subquery()
    )
    return delete(TABLE).where(TABLE.c.caller == bindparam("whose"), TABLE.c.at <= newest)
