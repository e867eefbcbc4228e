"""How long a request waits for PostgreSQL in all; outside of requests nobody is hurried.

A network that swallows packets, or a proxy before the database that hangs, answers nothing: the
driver has no limit for that, and after a few requests every thread would stand there. So each has
`SECONDS`, and after one that was not answered the next ones have `SHORT_SECONDS`, until a database
that is back answers one: what comes meanwhile is refused soon, and does not pile up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Engine, event

SECONDS = 6.0
"""Longer than a migration waits for a table, with requests behind it (`infra.migrating`)."""
SHORT_SECONDS = 1.0
SULK_SECONDS = 10.0
"""For how long after no answer came requests have the short time, if none is answered sooner."""
SHORTEST_CONNECT, LONGEST_CONNECT = 2, 3
"""Whole seconds for a new connection; the driver takes no fewer than two."""

_until: ContextVar[float | None] = ContextVar("until", default=None)
_silent_until = float("-inf")


@contextmanager
def bounded() -> Iterator[None]:
    """What waits for the database in this block does so for a few seconds in all."""
    own = _until.set(monotonic() + (SHORT_SECONDS if monotonic() < _silent_until else SECONDS))
    try:
        yield
    finally:
        _until.reset(own)


def _sulk(seconds: float) -> None:
    global _silent_until  # noqa: PLW0603  (how the one database answers)
    _silent_until = monotonic() + seconds if seconds else float("-inf")


class Connection(psycopg.Connection[Any]):
    """One that closes where an answer does not come in the time that is left. Raises psycopg's
    OperationalError then; what was sent may have been done or not."""

    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        until = _until.get()
        if until is None:
            return super().wait(gen, *arguments, **options)
        return super().wait(self._in_time(gen, until), *arguments, **options)

    def _in_time(self, generator: Any, until: float) -> Any:
        """The driver's own steps; it comes by ten times a second while nothing arrives."""
        began = monotonic()
        try:
            wanted = next(generator)
            while True:
                ready = yield wanted
                if not ready and monotonic() >= until:
                    self._give_up()
                wanted = generator.send(ready)
        except StopIteration as done:
            if monotonic() - began < SHORT_SECONDS:
                _sulk(0)
            return done.value

    def _give_up(self) -> None:
        _sulk(SULK_SECONDS)
        self.pgconn.finish()
        raise psycopg.OperationalError("the database did not answer in time")


def connected(*arguments: Any, **options: Any) -> Connection:
    """Such a connection, with no more time for being made than is left: the driver takes whole
    seconds. Raises psycopg's OperationalError."""
    until = _until.get()
    if until is None:
        return Connection.connect(*arguments, **options)
    left = until - monotonic()
    if left <= 0:
        raise psycopg.OperationalError("no time is left for the database")
    options["connect_timeout"] = max(SHORTEST_CONNECT, min(LONGEST_CONNECT, int(left)))
    try:
        return Connection.connect(*arguments, **options)
    except psycopg.errors.ConnectionTimeout:
        _sulk(SULK_SECONDS)
        raise


def apply(engine: Engine) -> None:
    """Let the connections of this engine be such."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Connection:
        return connected(*arguments, **options)


def forget() -> None:
    """As if every question had been answered so far."""
    _sulk(0)
