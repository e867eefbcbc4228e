"""Sites of any size on PostgreSQL, loaded by COPY a table at a time, and kept.

Each finished step is written down in the folder, so that a run that was ended goes on where it was.
Indexes are made after the rows: into twenty of them ten million rows would take hours.
"""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import click
import psycopg
from sqlalchemy.engine import make_url

from app.infra.db import db
from benchmarks.desk import rows
from benchmarks.desk.bases import own_server, program
from benchmarks.desk.loading import Size, copy_into, seen, set_sequences
from benchmarks.growth_copying import GROWING, TIMES, copies, most_of

TABLES = (
    *("address", "account", "tag", "article", "article_tag", "comment", "comment_tag"),
    *("search_document", "audit_entry", "spam_lesson", "spam_term"),
)
MOST_WRITTEN = 1_000_000
"""Comments of the largest site that is written row by row."""
INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s)
    AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""


class Kept:
    """The databases in a folder: on the server at `url`, or on one of our own in it."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._server = url or own_server(folder)

    def url_of(self, size: Size) -> str:
        """The address of a site of this size, which is made, or made to its end, if it must be."""
        url = make_url(self._server).set(database=size.name)
        told = url.render_as_string(hide_password=False)
        steps = Steps(self._folder / f"{size.name}.steps")
        if not steps.has("ready"):
            if size.comments > MOST_WRITTEN:
                smaller = Size(size.comments // TIMES, size.waiting)
                self.url_of(smaller)
                steps.once("made", lambda: self._create(size.name, smaller.name))
            else:
                steps.once("made", lambda: self._create(size.name))
            self._fill(told, size, steps)
            steps.done("ready")
        return told

    def _create(self, name: str, like: str = "template1") -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy')

    def _fill(self, url: str, size: Size, steps: Steps) -> None:
        program(url, self._folder)  # brings its tables up to date
        with psycopg.connect(url) as connection:
            for setting in ("synchronous_commit = off", "maintenance_work_mem = '512MB'"):
                connection.execute(f"SET {setting}")
            connection.execute("SET session_replication_role = replica")
            connection.commit()
            steps.once("indexes off", lambda: self._take_indexes(connection, size))
            if size.comments > MOST_WRITTEN:
                self._grow(connection, size, steps)
            else:
                for name in TABLES:
                    steps.once(f"table {name}", lambda name=name: _load(connection, size, name))  # type: ignore[misc]
            for name, made in json.loads(self._indexes(size).read_text()):
                steps.once(f"index {name}", lambda made=made: _run(connection, made))  # type: ignore[misc]
            set_sequences(connection)
            connection.commit()
            connection.autocommit = True
            steps.once("tidy", lambda: _run(connection, "VACUUM ANALYZE"))

    def _grow(self, connection: Any, size: Size, steps: Steps) -> None:
        """Nine times more of each table; each statement is a step of its own."""
        kept = self._folder / f"{size.name}.most"
        if not kept.exists():
            kept.write_text(json.dumps(most_of(connection)))
        most = json.loads(kept.read_text())
        for name in GROWING:
            for turn, statement in enumerate(copies(connection, name, most), start=1):
                steps.once(
                    f"table {name}, {turn}",
                    lambda statement=statement: _run(connection, statement),  # type: ignore[misc]
                )

    def _indexes(self, size: Size) -> Path:
        return self._folder / f"{size.name}.indexes"

    def _take_indexes(self, connection: Any, size: Size) -> None:
        found = connection.execute(INDEXES, [[*TABLES]]).fetchall()
        self._indexes(size).write_text(json.dumps(found))
        for name, _made in found:
            connection.execute(f'DROP INDEX "{name}"')
        connection.commit()


class Steps:
    """What is done, a line each."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._done = set(file.read_text().splitlines()) if file.exists() else set()

    def has(self, name: str) -> bool:
        return name in self._done

    def done(self, name: str) -> None:
        self._done.add(name)
        with self._file.open("a") as file:
            file.write(f"{name}\n")

    def once(self, name: str, act: Any) -> None:
        """Do it, unless it is done; its time is told."""
        if self.has(name):
            return
        began = time.perf_counter()
        act()
        self.done(name)
        click.echo(f"  {name}: {time.perf_counter() - began:.0f} s")


def _load(connection: Any, size: Size, name: str) -> None:
    site = rows.Site(random.Random(7), size.comments, size.waiting)  # noqa: S311 - always the same
    total, content = site.of_table(name)
    with click.progressbar(length=total, label=name, update_min_steps=50_000) as progress:
        copy_into(connection, db.metadata.tables[name], seen(content, progress))
    connection.commit()


def _run(connection: Any, statement: str) -> None:
    connection.execute(statement)
    if not connection.autocommit:
        connection.commit()


def bytes_of(url: str) -> dict[str, tuple[int, int, int]]:
    """By table: rows, bytes of the rows, bytes of their indexes."""
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT relname, reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    return {name: (count, table, indexes) for name, count, table, indexes in found if count > 0}
