"""The copy of an SQLite file while others write to it, and its way back."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

from app.infra.backups.errors import BackupFailed
from app.infra.db import SQLITE

NAME = "database.sqlite"
PAGES_A_STEP = 512
PAUSE_SECONDS = 0.002
"""Between two steps, so that the disk is others' too."""
ENDINGS = ("", "-wal", "-shm")

Progress = Callable[[int, int], None]


def copy(
    source: Path, target: Path, without: Collection[str], progress: Progress
) -> dict[str, int]:
    """Copy the file, as it stands at this moment, in steps; the rows of each table, by name.

    In the write-ahead log a reader keeps its own view, so writers go on, the copy is never begun
    anew, and every row that was answered for before the start is in it. Only what the log holds
    cannot be cleared meanwhile. The tables `without` are emptied in the copy, their bytes
    overwritten. Raises BackupFailed where the copy is not whole.
    """
    _make_private(target)
    try:
        return _copy(source, target, without, progress)
    except SQLITE.DatabaseError as wrong:
        raise BackupFailed(f"The database cannot be copied: {wrong}.") from wrong


def _copy(
    source: Path, target: Path, without: Collection[str], progress: Progress
) -> dict[str, int]:
    with closing(_opened(source)) as reading, closing(_opened(target)) as copied:
        reading.execute("PRAGMA query_only=ON")
        reading.execute("BEGIN")
        wanted = count(reading)  # the first read fixes the view
        reading.backup(
            copied,
            pages=PAGES_A_STEP,
            progress=lambda _status, left, total: progress(total - left, total),
            sleep=PAUSE_SECONDS,
        )
        reading.execute("ROLLBACK")
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        found = count(copied)
        if found != wanted:
            raise BackupFailed(f"The copy has other rows: {_unlike(wanted, found)}.")
        refuse_damaged(copied)
        copied.execute("PRAGMA secure_delete=ON")
        for table in without:
            copied.execute(f'DELETE FROM "{table}"')  # noqa: S608  (our own tables)
            found[table] = 0
    return found


def refuse_damaged(connection: Any) -> None:
    """Raise BackupFailed where the file is damaged, with the first of what SQLite names."""
    if problems := damages(connection):
        raise BackupFailed(f"The database is damaged: {problems[0]}.")


def damages(connection: Any, most: int = 5) -> list[str]:
    """What SQLite finds wrong with the file, of which it reads all: broken pages, lost parents."""
    try:
        lines = [row[0] for row in connection.execute(f"PRAGMA integrity_check({most})")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(most)
    except SQLITE.DatabaseError as wrong:
        return [str(wrong)]
    found = [line.strip() for text in lines if text != "ok" for line in text.splitlines()]
    return found + [f"a row of {row[0]} has no parent in {row[2]}" for row in orphans]


def count(connection: Any) -> dict[str, int]:
    """The rows of each table."""
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in sorted(names)
    }


def version_of(path: Path) -> str | None:
    """The schema's version that a file bears."""
    with closing(_opened(path)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def put_back(copied: Path, target: Path, rows: dict[str, int], aside: str) -> Path | None:
    """Make `copied` the database, checked; the one that stood there is kept under another name,
    which is returned. Raises BackupFailed where a program still has that one open."""
    with closing(_opened(copied)) as connection:
        refuse_damaged(connection)
        if (found := count(connection)) != rows:
            raise BackupFailed(f"The backup has other rows than its list: {_unlike(rows, found)}.")
    kept = None
    if target.exists():
        _refuse_open(target)
        if not _is_empty(target):
            kept = target.with_name(f"{target.stem}-{aside}{target.suffix}")
            target.rename(kept)
    copied.chmod(0o600)
    copied.replace(target)
    return kept


def _refuse_open(path: Path) -> None:
    """Leaving the write-ahead log needs the file to oneself. A file that cannot be read at all has
    nobody who reads it."""
    try:
        with closing(_opened(path)) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            if mode == "delete":
                return
    except SQLITE.OperationalError as wrong:
        if "locked" not in str(wrong):
            raise
    except SQLITE.DatabaseError:
        return
    raise BackupFailed("The site still runs on this database. Stop it (and its workers) first.")


def _is_empty(path: Path) -> bool:
    """Whether it is a file that a look alone has made."""
    try:
        with closing(_opened(path)) as connection:
            return not count(connection)
    except SQLITE.DatabaseError:
        return False


def _opened(path: Path) -> Any:
    connection = SQLITE.connect(str(path), timeout=5)
    connection.isolation_level = None
    return connection


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _unlike(wanted: dict[str, int], found: dict[str, int]) -> str:
    table = next(name for name in {**wanted, **found} if wanted.get(name) != found.get(name))
    return f"{table} has {found.get(table, 0)} in place of {wanted.get(table, 0)}"
