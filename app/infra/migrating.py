"""How a migration behaves beside a site that serves, and what it leaves for older programs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, delete, insert, inspect, text
from sqlalchemy.exc import OperationalError

from app.infra.schema import SchemaFloor

logger = logging.getLogger(__name__)

LOCK_SECONDS = 5.0
"""How long a migration waits for a table, with all who come after it waiting behind it."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 30.0, 30.0)
"""Between its tries: the longest statement of the site has ended by then."""
wait = time.sleep
_TURN = 7_310_572_118_460_913
"""The number of the advisory lock that two migrations at once take turns by."""


def in_turn(connection: Connection, migrate: Callable[[], None]) -> None:
    """Migrate in a transaction of `migrate`'s own, and again where a table or the whole database
    was not free in time: a migration that waits long makes everybody wait who comes after it."""
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


def take_turn(connection: Connection) -> None:
    """At the beginning of a migration's transaction: no long waits, and one migration at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = {int(LOCK_SECONDS * 1000)}"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


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
    is_locked = getattr(wrong.orig, "sqlstate", None) == "55P03"  # PostgreSQL: lock_not_available
    return is_locked or "database is locked" in str(wrong.orig)
