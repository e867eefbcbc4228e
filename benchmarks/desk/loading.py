"""A made-up site of any size, put into an empty database as fast as the database takes rows."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import click
from sqlalchemy import JSON, Connection, Engine, Table, insert

from app.infra.db import db
from benchmarks.desk import rows
from benchmarks.desk.rows import Row

BATCH = 5_000


@dataclass(frozen=True)
class Size:
    """How large a site is. Everything else follows from these two."""

    comments: int
    waiting: int

    @property
    def name(self) -> str:
        return f"desk_{self.comments}_{self.waiting}"


def fill(engine: Engine, size: Size) -> None:
    """Put the site into this database, which is migrated and empty."""
    site = rows.Site(random.Random(7), size.comments, size.waiting)  # noqa: S311 - always the same
    with _quick(engine) as connection:
        for name, total, content in site.tables():
            began = time.perf_counter()
            with click.progressbar(
                length=total, label=f"{size.name} {name:<16}", update_min_steps=20_000
            ) as progress:
                _load(connection, db.metadata.tables[name], seen(content, progress))
            click.echo(f"{total:>9,} rows, {time.perf_counter() - began:.0f} s")
        _finish(connection)
    _tidy(engine)


def seen(content: Iterable[Row], progress: Any) -> Iterator[Row]:
    for row in content:
        progress.update(1)
        yield row


@contextmanager
def _quick(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nothing is checked and nothing waits for the disk."""
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if is_sqlite:
            raw.execute("PRAGMA journal_mode=OFF")
            raw.execute("PRAGMA synchronous=OFF")
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("PRAGMA cache_size=-400000")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
            connection.exec_driver_sql("SET synchronous_commit = off")
            connection.exec_driver_sql("SET maintenance_work_mem = '256MB'")
            connection.exec_driver_sql("DROP INDEX ix_comment_search_text")
        yield connection
        connection.commit()
    engine.dispose()  # no later connection has these settings


def _load(connection: Connection, table: Table, content: Iterator[Row]) -> None:
    if connection.dialect.name == "sqlite":
        while batch := list(islice(content, BATCH)):
            connection.execute(insert(table), batch)
        return
    raw: Any = connection.connection.dbapi_connection
    copy_into(raw, table, content)


def copy_into(raw: Any, table: Table, content: Iterator[Row]) -> None:
    """Rows into a table by COPY, on a connection of the driver's own."""
    first = next(content, None)
    if first is None:
        return
    columns = [one for one in table.columns if one.name in first or one.default or one.nullable]
    names = ", ".join(f'"{column.name}"' for column in columns)
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in chain([first], content):
            copy.write_row([_value(column, row) for column in columns])


def _value(column: Any, row: Row) -> Any:
    """What a row has in a column: its own, or what the model says stands there by default."""
    if column.name in row:
        value = row[column.name]
    elif column.default is None:
        return None
    else:
        value = column.default.arg
        value = value(None) if column.default.is_callable else value
    return json.dumps(value) if isinstance(column.type, JSON) else value


def _finish(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    click.echo("indexing the texts")
    connection.exec_driver_sql(
        "CREATE INDEX ix_comment_search_text ON comment USING gin (search_text)"
    )
    set_sequences(connection.connection.dbapi_connection)


def set_sequences(raw: Any) -> None:
    """Let each next row have the number after the last one that was loaded."""
    for (name,) in raw.execute("SELECT sequencename FROM pg_sequences").fetchall():
        table = name.removesuffix("_id_seq")
        raw.execute(
            f'SELECT setval(\'"{name}"\', (SELECT coalesce(max(id), 0) + 1 FROM "{table}"))'  # noqa: S608
        )


def _tidy(engine: Engine) -> None:
    """As the database would be after a while: PostgreSQL has its statistics, SQLite none."""
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            raw.execute("PRAGMA journal_mode=WAL")
        else:
            raw.autocommit = True
            raw.execute("VACUUM ANALYZE")
            raw.autocommit = False
    engine.dispose()
