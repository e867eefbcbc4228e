"""Connections to PostgreSQL that keep to the time a request has left (`infra.patience`). Imported
only where a site has one, for the driver comes with it."""

from __future__ import annotations

from time import monotonic
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from app.infra import patience

SHORTEST_CONNECT, LONGEST_CONNECT = 2, 3
"""Whole seconds for a new connection; the driver takes no fewer than two."""


class Connection(psycopg.Connection[Any]):
    """One that closes where an answer does not come in the time that is left. Raises psycopg's
    OperationalError then; what was sent may have been done or not."""

    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        until = patience.until()
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
            if monotonic() - began < patience.SHORT_SECONDS:
                patience.sulk(0)
            return done.value

    def _give_up(self) -> None:
        patience.sulk(patience.SULK_SECONDS)
        self.pgconn.finish()
        raise psycopg.OperationalError("the database did not answer in time")


def connected(*arguments: Any, **options: Any) -> Connection:
    """Such a connection, with no more time for being made than is left: the driver takes whole
    seconds. Raises psycopg's OperationalError."""
    until = patience.until()
    if until is None:
        return Connection.connect(*arguments, **options)
    left = until - monotonic()
    if left <= 0:
        raise psycopg.OperationalError("no time is left for the database")
    options["connect_timeout"] = max(SHORTEST_CONNECT, min(LONGEST_CONNECT, int(left)))
    try:
        return Connection.connect(*arguments, **options)
    except psycopg.errors.ConnectionTimeout:
        patience.sulk(patience.SULK_SECONDS)
        raise


def apply(engine: Engine) -> None:
    """Let the connections of this engine be such."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Connection:
        return connected(*arguments, **options)
