"""The database as the doctor sees it: readable, whole, of the right version, and not behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.cli.findings import Finding, look, well, wrong
from app.config import Settings
from app.domains.moderation.queue import waiting
from app.infra import clock, fitness, jobs, schema
from app.infra.backups import sqlite
from app.infra.db import SQLITE, db, is_postgresql
from app.infra.jobs import Job

PLACE = "database"
SOUND_SQLITE = (3, 51, 3)
"""From here on the write-ahead log cannot corrupt a file when it is reset."""
LATE = timedelta(minutes=15)
MOST_DRIFT = timedelta(seconds=5)
LARGE_LOG = 512 * 2**20
"""Bytes; SQLite writes its log back at 4 MiB where nobody reads for long."""
STEPS_A_DOT = 20_000_000
UPGRADE = "Run: flask --app wsgi db upgrade"
RESTORE = "Stop the site, keep this file, and restore a backup: flask --app wsgi restore FILE"


def database(settings: Settings, *, quick: bool) -> Iterator[Finding]:
    """Is it there, whole and of this program's version? After a `wrong` nothing else is asked."""
    if not is_postgresql():
        path = Path(make_url(settings.sqlalchemy_url).database or "")
        if path.exists():
            found = list(_sqlite_file(path, quick=quick))
            yield from found
            if any(one.advice == RESTORE for one in found):
                return
    if fitness.database_problem():
        yield wrong(PLACE, "It does not answer.", "See that it runs, and DATABASE_URL.")
        return
    if is_postgresql():
        with db.engine.connect() as connection:
            version = connection.scalar(text("SHOW server_version"))
        yield well(PLACE, f"PostgreSQL {version} answers.")
    yield _version()


def _sqlite_file(path: Path, *, quick: bool) -> Iterator[Finding]:
    if SQLITE.sqlite_version_info < SOUND_SQLITE:
        yield look(
            PLACE,
            f"SQLite {SQLITE.sqlite_version} can corrupt a file when its log is reset.",
            "Install the wheel that the lock names (pysqlite3).",
        )
    log = _log_size(path)
    mode = path.stat().st_mode
    if not mode & 0o200:
        yield wrong(PLACE, "The file may not be written.", f"Run: chmod 600 {path}")
    elif mode & 0o044 and path.parent.stat().st_mode & 0o011:
        yield look(PLACE, "Others on this machine may read the file.", f"Run: chmod 600 {path}")
    try:
        with closing(_read_only(path)) as connection:
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
            problems = [] if quick else _damages(connection, path)
    except SQLITE.DatabaseError as fault:
        yield wrong(PLACE, f"The file cannot be read: {fault}.", RESTORE)
        return
    for problem in problems:
        yield wrong(PLACE, f"The file is damaged: {problem}.", RESTORE)
    if not problems:
        read = "answers" if quick else "was read whole and has no damage"
        size = f"{_mebibytes(path.stat().st_size)} MiB"
        if log:
            size += f" and {_mebibytes(log)} MiB in its log"
        yield well(PLACE, f"SQLite {SQLITE.sqlite_version}, {size}, {read}.")
    if log > LARGE_LOG:
        yield look(
            PLACE,
            f"Its log has {_mebibytes(log)} MiB: somebody has been reading for long, so that it"
            " cannot be written back.",
            "End what holds the file open (a backup, a shell), or start the site again.",
        )
    if journal != "wal":
        yield look(
            PLACE,
            f"The journal is {journal!r}; writers and readers will wait for each other.",
            "The site sets it to wal when it starts; see that nothing else opens the file.",
        )


def _damages(connection: Any, path: Path) -> list[str]:
    """Reading all of a large file takes a while; dots on the terminal's other line show it."""
    click.echo(
        f"Reading all of the database ({_mebibytes(path.stat().st_size)} MiB) ", nl=False, err=True
    )
    connection.set_progress_handler(lambda: click.echo(".", nl=False, err=True), STEPS_A_DOT)
    try:
        return sqlite.damages(connection)
    finally:
        click.echo(err=True)


def _read_only(path: Path) -> Any:
    """Nothing is rewritten, not even what the log would bring back."""
    connection = SQLITE.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=5)
    connection.isolation_level = None
    return connection


def _log_size(path: Path) -> int:
    """Bytes of what was written and does not stand in the file yet."""
    log = path.with_name(f"{path.name}-wal")
    return log.stat().st_size if log.exists() else 0


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.1f}"


def _version() -> Finding:
    problem = fitness.schema_problem()
    if problem is None:
        return well("tables", f"They are of version {schema.found()}.")
    return wrong(
        "tables",
        f"The schema {problem}.",
        "Start the program that it belongs to." if "too new" in problem else UPGRADE,
    )


def jobs_and_texts(settings: Settings) -> Iterator[Finding]:
    """Is the work being done?"""
    try:
        count, oldest, failed = jobs.waiting()
        texts, since = waiting.in_all()
    except SQLAlchemyError as fault:
        yield wrong("jobs", f"They cannot be counted: {_first_line(fault)}.", UPGRADE)
        return
    late = clock.now() - oldest if oldest else timedelta(0)
    if late > LATE:
        yield look(
            "jobs",
            f"{count} wait, the oldest for {_long(late)}.",
            "See that a worker runs: flask --app wsgi worker, or the site's own.",
        )
    else:
        yield well("jobs", f"{count} wait, and none is late.")
    if failed:
        yield look(
            "jobs",
            f"{failed} have failed for good: {_failures()}.",
            "Settings, Mail that did not arrive sends mail again; of other work the log says why.",
        )
    overdue = timedelta(hours=settings.overdue_after_hours or 24)
    if since and clock.now() - since > overdue:
        yield look(
            "desk",
            f"{texts} texts wait, one for {_long(clock.now() - since)}.",
            "A moderator has to look.",
        )
    else:
        yield well("desk", f"{texts} texts wait, none for too long.")


def clocks() -> Iterator[Finding]:
    """Sessions, links and jobs all go by the time."""
    here = clock.now()
    if is_postgresql():
        there = db.session.scalar(select(func.clock_timestamp()))
        drift = abs(here - there) if there else timedelta(0)
        told = "The database's clock"
    else:
        newest: datetime | None = db.session.scalar(select(func.max(Job.created_at)))
        drift = max(newest - here, timedelta(0)) if newest else timedelta(0)
        told = "The newest job's time"
    db.session.rollback()
    if drift > MOST_DRIFT:
        yield look(
            "clock",
            f"{told} is {_long(drift)} away from this machine's.",
            "Let both keep the time by NTP.",
        )
    else:
        yield well("clock", "It agrees with the database.")


def _failures() -> str:
    kinds = db.session.execute(
        select(Job.kind, func.count()).where(*jobs.GAVE_UP).group_by(Job.kind)
    ).all()
    return ", ".join(f"{count} {kind}" for kind, count in sorted(tuple(row) for row in kinds))


def _long(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    if seconds < 120:
        return f"{seconds} seconds"
    if seconds < 7200:
        return f"{seconds // 60} minutes"
    return f"{seconds // 3600} hours"


def _first_line(fault: SQLAlchemyError) -> str:
    return str(getattr(fault, "orig", fault)).strip().partition("\n")[0]
