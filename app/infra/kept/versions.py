"""The versions of marks as they stand at this moment: one cheap statement on a connection that a
thread has for nothing else, so that a hit costs no session and no transaction."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Select, event

from app.infra.db import BUSY_MILLISECONDS, engine_options


class Away(Exception):
    """The database did not say."""


class Reader:
    """Reads marks for one program; each thread has a connection of its own."""

    def __init__(self, engine: Engine, *, pooled: bool = False) -> None:
        self._engine = engine
        self._pooled = pooled
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._mark = "?" if self._is_sqlite else "%s"
        self._own = threading.local()
        self._generation = 0
        self._statements: dict[int, str] = {}
        self._finders: dict[int, tuple[str, Sequence[str] | None]] = {}
        self._open: dict[int, Any] = {}
        self._lock = threading.Lock()
        event.listen(engine, "engine_disposed", self._renew)

    def versions(self, names: Sequence[str]) -> dict[str, int]:
        """The version of each of these marks, 0 for one that was never raised. Raises Away."""
        if not names:
            return {}
        statement = self._statements.get(len(names))
        if statement is None:
            places = ", ".join([self._mark] * len(names))
            statement = f"SELECT name, version FROM page_mark WHERE name IN ({places})"  # noqa: S608
            self._statements[len(names)] = statement
        found = dict.fromkeys(names, 0)
        found.update(self._rows(statement, names))
        return found

    def find(self, wanted: Select[Any], values: Mapping[str, Any]) -> int | None:
        """The one number that this statement selects, None for no row. Raises Away."""
        made = self._finders.get(id(wanted))
        if made is None:
            compiled = wanted.compile(dialect=self._engine.dialect)
            # None where values are named in the statement
            order: Sequence[str] | None = compiled.positiontup
            made = self._finders[id(wanted)] = (str(compiled), order)
        text, names = made
        rows = self._rows(text, values if names is None else [values[name] for name in names])
        return int(rows[0][0]) if rows else None

    def _rows(self, statement: str, values: Any) -> list[Any]:
        errors = self._engine.dialect.dbapi.Error  # type: ignore[union-attr]
        try:
            connection = self._connection()
            rows: list[Any] = connection.execute(statement, values).fetchall()
        except errors as wrong:
            self._drop()
            raise Away from wrong
        return rows

    def _connection(self) -> Any:
        own = self._own
        if getattr(own, "generation", None) != self._generation:
            self._drop()
            own.connection = self._connect()
            own.generation = self._generation
            self._remember(own.connection)
        return own.connection

    def _connect(self) -> Any:
        dialect = self._engine.dialect
        positional, named = dialect.create_connect_args(self._engine.url)
        url = self._engine.url.render_as_string(hide_password=False)
        named |= engine_options(url, pooled=self._pooled).get("connect_args", {})
        if self._is_sqlite:
            named["check_same_thread"] = False  # whoever comes later closes those of ended threads
        if self._is_sqlite:
            connection: Any = dialect.connect(*positional, **named)
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
            connection.execute("PRAGMA query_only=ON")
        else:
            from app.infra import hurried  # noqa: PLC0415  (it brings the driver along)

            connection = hurried.connected(*positional, **named)
            connection.autocommit = True
        return connection

    def _remember(self, connection: Any) -> None:
        """Know this thread's connection, and close those of threads that have ended."""
        with self._lock:
            self._open[threading.get_ident()] = connection
            alive = {thread.ident for thread in threading.enumerate()}
            for ended in self._open.keys() - alive:
                self._open.pop(ended).close()

    def _renew(self, _engine: Engine) -> None:
        """The engine let go of its connections: so does this, as each thread comes by."""
        with self._lock:
            self._generation += 1
            for connection in self._open.values():
                connection.close()
            self._open.clear()

    def _drop(self) -> None:
        connection = getattr(self._own, "connection", None)
        self._own.connection = None
        self._own.generation = None
        if connection is not None:
            connection.close()
