"""What SQLite keeps of the past beside its file."""

from __future__ import annotations

import logging

from app.infra.db import BUSY_MILLISECONDS, db, is_postgresql

logger = logging.getLogger(__name__)

PATIENCE_MILLISECONDS = 250
"""How long those who write may have to wait for those who read."""


def cut() -> bool:
    """Write the log that SQLite keeps beside its file back into it, and leave nothing of it: what
    was forgotten stands there as it was until something else is written over it. Where somebody
    reads all that time, as Litestream does, it is left for another time; whether it was cut.
    PostgreSQL keeps its own, and sees to it by itself."""
    if is_postgresql():
        return True
    db.session.rollback()
    pooled = db.engine.raw_connection()
    connection = pooled.driver_connection
    assert connection is not None  # noqa: S101  (it was just opened)
    try:
        connection.execute(f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}")
        is_busy = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        pooled.close()
    if is_busy:
        logger.info("the database's log is in use and is cut another time")
    return not is_busy
