"""How a migration behaves beside a site that serves, and what it leaves for older programs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, text
from sqlalchemy.exc import OperationalError

from app.infra.schema import SchemaFloor

logger = logging.getLogger(__name__)

LOCK_SECONDS = 5.0
"""How long a migration waits for a table, with all who come after it waiting behind it."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 30.0, 30.0)
"""Between its tries: the longest statement of the site has ended by then."""
TURN_SECONDS = 1.0
wait = time.sleep
_TURN = 7_310_572_118_460_913
"""The number of the advisory lock that two migrations at once take turns by."""
_TAKEN = ("55P03", "40P01")
"""PostgreSQL's lock_not_available and deadlock_detected."""


def in_turn(connection: Connection, migrate: Callable[[], None]) -> None:
    """Migrate when nobody else does, in transactions of `migrate`'s own, and again where a table or
    the whole database was not free in time: a migration that waits long makes everybody wait who
    comes after it."""
    with _turn(connection):
        for pause in PAUSES:
            try:
                migrate()
            except OperationalError as wrong:
                connection.rollback()
                if not _is_taken(wrong):
                    raise
                logger.warning("the migration found a table in use and tries again in %gs", pause)
                wait(pause)
            else:
                return
        migrate()


@contextmanager
def _turn(connection: Connection) -> Iterator[None]:
    """One migration at a time. The turn is the connection's and not a transaction's, since a
    migration may leave its transaction; it ends with the connection."""
    if connection.dialect.name != "postgresql":
        yield
        return
    try:
        _wait_for_turn(connection)
        yield
    finally:
        connection.invalidate()


def _wait_for_turn(connection: Connection) -> None:
    """By asking again and again: an index that is made beside a site that serves waits for every
    statement that began before it, so also for one that waited here."""
    asked = text("SELECT pg_try_advisory_lock(:turn)")
    is_told = False
    while not connection.scalar(asked, {"turn": _TURN}):
        connection.rollback()
        if not is_told:
            logger.warning("another migration is running; this one waits for its end")
            is_told = True
        wait(TURN_SECONDS)
    connection.rollback()


def wait_briefly(connection: Connection) -> None:
    """At the beginning of a migration's transaction, and of each that follows it: no long waits."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {int(LOCK_SECONDS * 1000)}"))


def drop_unfinished(connection: Connection, index: str) -> None:
    """Drop an index whose making was broken off beside a site that served: it is kept up but serves
    nobody, and would be taken for the index that is wanted."""
    found = text("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:index) AND NOT indisvalid")
    if connection.scalar(found, {"index": index}):
        connection.execute(text(f'DROP INDEX CONCURRENTLY "{index}"'))


def write_floor(connection: Connection, scripts: ScriptDirectory, head: str | None) -> None:
    """Note which programs may serve on the schema as it stands now, in the same transaction."""
    if not inspect(connection).has_table(SchemaFloor.__tablename__):
        return
    connection.execute(delete(SchemaFloor))
    if (floor := _floor(scripts, head)) is not None:
        connection.execute(insert(SchemaFloor).values(id=1, revision=floor))


def _floor(scripts: ScriptDirectory, head: str | None) -> str | None:
    """What the newest migration that stands in the database and breaks anybody says."""
    steps = scripts.iterate_revisions(head, "base") if head else ()
    said = (
        getattr(step.module, "breaks_before", None) for step in steps if isinstance(step, Script)
    )
    return next((one for one in said if one), None)


def _is_taken(wrong: OperationalError) -> bool:
    is_taken = getattr(wrong.orig, "sqlstate", None) in _TAKEN
    return is_taken or "database is locked" in str(wrong.orig)
