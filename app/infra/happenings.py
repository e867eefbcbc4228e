"""Events whose reactions nobody waits for: a row in the transaction of their cause, worked off by
a worker a moment later.

The rows are handled in their order, and a row goes in the very transaction in which its handlers
write: a worker that dies half-way leaves all to do, and nothing is done twice. What cannot be
handled is put aside as a job, which comes back by the rules of jobs and shows where jobs are shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import JSON, Row, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock, locks, logs
from app.infra.db import Base, Model, UtcDateTime, db, write_rows
from app.infra.events import Reactions

TURN = "happenings"
BATCH = 50
"""Events a transaction; the handlers of one take about 3 ms."""


class UnknownEvent(Exception):
    """Another release wrote it; its worker will know."""


class NotNow(Exception):
    """What a handler needs is held by somebody, who may be waiting for what the worker holds. It is
    raised before anything was written, and the event is handled after a later one."""


class Happening(Model):
    """One event: the name of its class, what it holds, and the request in which it happened."""

    __tablename__ = "happening"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    request_id: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


TABLE = Base.metadata.tables[Happening.__tablename__]


_WRITING = insert(TABLE)


def later() -> Reactions:
    """What is done about events a moment after they happened."""
    found: Reactions = current_app.extensions["later"]
    return found


def write(events: Sequence[Any]) -> bool:
    """Keep those of these events that something is done about later, in the caller's transaction;
    whether there were any."""
    wanted = later()
    cause = {"request_id": logs.bound("request_id"), "at": clock.now()}
    rows = [
        {"kind": type(event).__name__, "facts": asdict(event), **cause}
        for event in events
        if type(event) in wanted
    ]
    if rows:
        write_rows(_WRITING, rows)
    return bool(rows)


def waiting(limit: int = BATCH) -> Sequence[Row[int, str, dict[str, Any], str | None]]:
    """The oldest events that nothing was done about yet."""
    return db.session.execute(
        select(Happening.id, Happening.kind, Happening.facts, Happening.request_id)
        .order_by(Happening.id)
        .limit(limit)
    ).all()


def handle(kind: str, facts: Mapping[str, Any]) -> None:
    """Do all that is done about one event. Raises UnknownEvent."""
    known = {event.__name__: event for event in later()}
    if kind not in known:
        raise UnknownEvent(kind)
    happened = known[kind](**facts)
    for handler in later()[known[kind]]:
        handler(happened)


def handle_waiting(limit: int = BATCH) -> int:
    """Handle the oldest events, in the caller's unit of work; how many. One worker does so at a
    time, so that of two events about one thing the second never overtakes the first, unless a
    handler asks for it by NotNow."""
    locks.take([TURN])
    done = []
    for row in waiting(limit):
        logs.bind(request_id=row.request_id)
        try:
            handle(row.kind, row.facts)
        except NotNow:
            continue  # it stays, and comes again
        finally:
            logs.unbind()
        done.append(row.id)
    forget(done)
    return len(done)


def forget(ids: Sequence[int]) -> None:
    if ids:
        db.session.execute(delete(TABLE).where(TABLE.c.id.in_(ids)))
