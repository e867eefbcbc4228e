"""The only commit in the program: all of an act, or nothing of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from flask import Flask, current_app, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from app.infra import events, happenings, turns, waking
from app.infra.db import BUSY_MILLISECONDS, begin_mode, db, is_postgresql, reads_from

logger = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_OWN = "_keeps_its_own_unit_of_work"
REQUEST_TURN_SECONDS = BUSY_MILLISECONDS / 1000
WORK_TURN_SECONDS = 60.0
"""How long a worker or a command waits for its turn, since nobody waits for an answer: were it
refused once a job is done, the job would come again when its claim is over."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run the block in one write transaction; dispatch its events and commit, or roll back. What
    is done about them later is written down, and a worker woken when it may begin.

    What was read before it belongs to an older transaction and is read again. Raises RuntimeError
    inside another unit, whose half-done act it would throw away.
    """
    if begin_mode.get() == "IMMEDIATE":
        raise RuntimeError("a unit of work began inside another")
    db.session.rollback()
    reads_from.set(None)  # whoever has written reads what they wrote, from the primary
    events.forget()
    waking.forget()
    with _turn(), _written():
        yield
    waking.after_commit()  # nobody waits for it who wants to write


@contextmanager
def _written() -> Iterator[None]:
    mode = begin_mode.set("IMMEDIATE")
    try:
        yield
        db.session.flush()
        events.dispatch(current_app.extensions["reactions"])
        if happenings.write(events.recorded()):
            waking.want()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        events.forget()
        begin_mode.reset(mode)


@contextmanager
def _turn() -> Iterator[None]:
    """Let whoever writes to SQLite on this machine do so one after the other. Whose turn does not
    come in time is left to SQLite, which programs of other makers write to as well."""
    database = None if is_postgresql() else db.engine.url.database
    if not database or database == ":memory:":
        yield
        return
    seconds = REQUEST_TURN_SECONDS if has_request_context() else WORK_TURN_SECONDS
    with turns.of(database).taken(seconds):
        yield


def own_unit(view: View) -> View:
    """Mark a view that opens its unit of work itself, so that slow work (a password hash, an
    image) happens while no write lock is held."""
    setattr(view, _OWN, True)
    return view


class _Refused(Exception):
    def __init__(self, answer: ResponseReturnValue) -> None:
        self.answer = answer


class TransactionalFlask(Flask):
    """A Flask whose unsafe views run in one unit of work, wherever they are registered."""

    def dispatch_request(self) -> ResponseReturnValue:
        view = self.view_functions.get(request.endpoint or "")
        if request.method in SAFE_METHODS:
            return self._read()
        if getattr(view, _OWN, False):
            return super().dispatch_request()
        try:
            with unit_of_work():
                answer = self.make_response(super().dispatch_request())
                if answer.status_code >= 400:
                    raise _Refused(answer)  # an answer that refuses leaves nothing half-written
                return answer
        except _Refused as refused:
            return refused.answer

    def _read(self) -> ResponseReturnValue:
        """Once more from the primary where a copy of the database failed half-way."""
        try:
            return super().dispatch_request()
        except DBAPIError as wrong:
            copy = reads_from.get()
            if copy is None:
                raise
            logger.warning("a copy of the database failed, so the primary is read: %s", wrong.orig)
            self.extensions["replicas"].leave_out(copy)
            reads_from.set(None)
            db.session.rollback()
            return super().dispatch_request()
