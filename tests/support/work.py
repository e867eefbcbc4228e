"""What a piece of work costs the database, counted where a clock would tell of the machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text

from app.infra.db import db

Statement = tuple[str, Any]
SLACK = 1.5
"""How much more a thing may cost where a hundred times as much is stored."""


def work_of(act: Callable[[], object]) -> int:
    """How much a read makes the database do: steps of SQLite's machine, or the blocks that
    PostgreSQL looks at for the same statements."""
    if db.engine.dialect.name == "sqlite":
        return _steps_of(act)
    return sum(map(_blocks_of, statements_of(act)))


def know_the_tables() -> None:
    """Let PostgreSQL look at what its tables hold, which it does by itself before long."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def statements_of(act: Callable[[], object]) -> list[Statement]:
    """The reading statements of the act as they went to the database, with their values."""
    sent: list[Statement] = []

    def on_statement(_conn: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", on_statement)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", on_statement)
    return sent


def _steps_of(act: Callable[[], object]) -> int:
    raw = db.session.connection().connection.dbapi_connection
    assert raw is not None
    steps = 0

    def on_step() -> int:
        nonlocal steps
        steps += 1
        return 0

    raw.set_progress_handler(on_step, 1)
    try:
        act()
    finally:
        raw.set_progress_handler(None, 0)
    return steps


def _blocks_of(statement: Statement) -> int:
    asked = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement[0]}"
    found = db.session.connection().exec_driver_sql(asked, statement[1]).scalar_one()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
