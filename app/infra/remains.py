"""What SQLite keeps of the past, beside its tables. PostgreSQL sees to its own by itself."""

from __future__ import annotations

import logging

from sqlalchemy import text

from app.infra.db import BUSY_MILLISECONDS, db, is_postgresql
from app.infra.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

PATIENCE_MILLISECONDS = 250
"""How long those who write may have to wait for those who read."""
MERGED_PAGES = 200
"""Of an index of words, in one transaction: about 7 ms, and 0.1 s in all for 30,000 texts."""
INDEXES = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5(%'")


def sweep() -> None:
    """See to it that nothing is left in the database's files of what was forgotten before this.
    Commits by itself, a part at a time."""
    if is_postgresql():
        return
    for name in db.session.scalars(INDEXES).all():
        _merge(name)
    cut_log()


def _merge(index: str) -> None:
    """Let an index of words forget the texts that left it: FTS5 only notes beside them that they
    did, until both are merged. A negative number begins with all of it, a positive one goes on."""
    done = text("SELECT total_changes()")
    merging = text(f"INSERT INTO {index}({index}, rank) VALUES ('merge', :pages)")  # noqa: S608
    pages, is_merged = -MERGED_PAGES, False
    while not is_merged:
        with unit_of_work():
            before = db.session.scalar(done) or 0
            db.session.execute(merging, {"pages": pages})
            is_merged = (db.session.scalar(done) or 0) - before < 2
        pages = MERGED_PAGES


def cut_log() -> bool:
    """Write the log that SQLite keeps beside its file back into it, and leave nothing of it: what
    was forgotten stands there as it was until something else is written over it. Where somebody
    reads all that time, as Litestream does, it is left for another time; whether it was cut."""
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
