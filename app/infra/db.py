"""The database: one `db`, one base class for models, and how a connection begins."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    CompoundSelect,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    FromClause,
    Insert,
    MetaData,
    Row,
    Select,
    Table,
    event,
    inspect,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, aliased, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from app.config import Settings
from app.infra import planned
from app.infra.replicas import Replica, Replicas

try:  # Debian's SQLite has the WAL-reset bug (3.7.0 to 3.51.2); the wheel carries a mended one
    import pysqlite3.dbapi2 as sqlite_module
except ImportError:  # no wheel for this platform
    import sqlite3

    sqlite_module: ModuleType = sqlite3  # type: ignore[no-redef]

logger = logging.getLogger(__name__)

SQLITE: ModuleType = sqlite_module
"""Whoever opens the file by hand does it with this: two SQLites in one process lose each other's
locks."""
BUSY_MILLISECONDS = 5000
CONNECT_SECONDS = 5
UNANSWERED_MILLISECONDS = 8000
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an answered post survives a power cut
    "foreign_keys=ON",
    f"busy_timeout={BUSY_MILLISECONDS}",
    "temp_store=MEMORY",
    "cache_size=-2000",
    "secure_delete=ON",  # what is forgotten is gone from the file, not only from the tables
)

begin_mode: ContextVar[str] = ContextVar("begin_mode", default="DEFERRED")
"""How SQLite begins the next transaction; the unit of work sets IMMEDIATE, so that a read never
upgrades to a write in the middle (SQLite answers that with "locked" at once)."""

reads_from: ContextVar[Engine | None] = ContextVar("reads_from", default=None)
"""The copy of the database that this request reads; None is the primary, which is also where every
write, every unit of work, every job and every command goes whatever stands here."""


class RoutedSession(Session):
    """A session whose reads follow `reads_from`, so that no view can forget where it may read."""

    def get_bind(
        self,
        mapper: Any | None = None,
        clause: Any | None = None,
        bind: Engine | Connection | None = None,
        **others: Any,
    ) -> Engine | Connection:
        copy = reads_from.get()
        is_write = (
            self._flushing or begin_mode.get() != "DEFERRED" or getattr(clause, "is_dml", False)
        )
        if copy is not None and bind is None and not is_write:
            return copy
        return super().get_bind(mapper, clause, bind, **others)

    def close(self) -> None:
        """Where the connection is gone by now there is nothing left to end: what was to be done
        with it is done, and its answer stands."""
        try:
            super().close()
        except DBAPIError as wrong:
            if not wrong.connection_invalidated:
                raise
            logger.warning("a connection was gone when it was given back: %s", wrong.orig)
            self.invalidate()


Columns = TypeVarTuple("Columns")
Entity = TypeVar("Entity", bound="Model")
Adding = postgresql.Insert | sqlite.Insert
NO_VALUES: Mapping[str, Any] = MappingProxyType({})


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"class_": RoutedSession})

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; `timestamptz` on PostgreSQL, UTC without a zone on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def engine_options(url: str, *, pooled: bool = False) -> dict[str, Any]:
    """What SQLAlchemy needs for this database. `pooled`: through PgBouncer in transaction mode,
    which hands each transaction to another connection, so nothing may be prepared on one. What a
    statement was given stands in no error: people's words and addresses would stay in the log."""
    if url.startswith("sqlite"):
        return {
            "module": sqlite_module,
            "hide_parameters": True,
            "connect_args": {"timeout": BUSY_MILLISECONDS / 1000},
            "pool_size": 12,
            "max_overflow": 0,
            "pool_use_lifo": True,  # few connections are used, and only theirs keep pages in memory
        }
    arguments: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": UNANSWERED_MILLISECONDS,  # the network is gone, not only slow
    }
    if pooled:
        arguments["prepare_threshold"] = None
    return {
        "hide_parameters": True,
        "connect_args": arguments,
        "pool_size": 12,
        "max_overflow": 4,
        "pool_pre_ping": True,
        "pool_timeout": 8,
    }


def prepare(app: Flask) -> None:
    """Bind `db` to the app and teach SQLite connections how to begin."""
    db.init_app(app)
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
        primary = db.engine
        copies = [db.engines[replica_key(number)] for number in range(len(settings.replica_urls))]
        for engine in (primary, *copies):
            if engine.dialect.name == "postgresql":
                from app.infra import hurried  # noqa: PLC0415  (it brings the driver along)

                hurried.apply(engine)
                event.listen(engine, "handle_error", _leave_values_out)
    if copies:
        most_lag = settings.replica_lag_seconds
        app.extensions["replicas"] = Replicas([Replica(copy, primary, most_lag) for copy in copies])


def _leave_values_out(context: ExceptionContext) -> None:
    """PostgreSQL says in a part of its own what stood in the row that it refused."""
    told = getattr(context.original_exception, "diag", None)
    detail = told.message_detail if told is not None else None
    for wrong in (context.original_exception, context.sqlalchemy_exception):
        if detail and wrong is not None:
            wrong.args = tuple(str(one).replace(detail, "[hidden]") for one in wrong.args)


def replica_key(number: int) -> str:
    """By what name the engine of a copy is found, counted from 0."""
    return f"replica {number}"


def alias_of(model: type[Entity], name: str | None = None) -> type[Entity]:
    """A second name for a table, which a module may keep for all its statements. Its columns are
    made here and not when they are first asked for: two threads that put their first statements
    together at once would each find a part of them, and such a statement fails or asks for what
    nobody meant."""
    made = aliased(model, name=name)
    for column in model.__table__.columns:
        inspect(made).selectable.corresponding_column(column)
    return made


def rows_of(
    statement: Select[*Columns] | CompoundSelect[*Columns], values: Mapping[str, Any] = NO_VALUES
) -> Sequence[Row[*Columns]]:
    """The rows of a statement that asks for columns, read past the session's machinery for objects,
    which costs more than a short statement does. Nothing that waits in the session is written
    before."""
    return planned.rows(db.session.connection(), statement, values)


def as_read(model: type[Entity], columns: Mapping[str, Any]) -> Entity:
    """The object of a row that was read past the session, as if the session had read it. The one
    that it holds already stays as it is but for what was to be read again. What is not among
    `columns` is read when it is asked for."""
    mapper = inspect(model)
    key = mapper.identity_key_from_primary_key(
        tuple(columns[one.name] for one in mapper.primary_key)
    )
    standing = db.session.identity_map.get(key)
    if standing is not None:
        for name in columns.keys() - vars(standing).keys():
            set_committed_value(standing, name, columns[name])
        return cast("Entity", standing)
    made = cast("Entity", mapper.class_manager.new_instance())
    vars(made).update(columns)
    make_transient_to_detached(made)
    db.session.add(made)
    return made


def write_rows(
    statement: Insert, values: Mapping[str, Any] | Sequence[Mapping[str, Any]]
) -> CursorResult[Any]:
    """Write rows of a table that shows on no page and that no object stands for, likewise past the
    session's machinery. What shows goes through the session, which raises its marks."""
    return db.session.connection().execute(statement, values)


def is_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def adding(table: type[Entity] | Table, *, postgres: bool | None = None) -> Adding:
    """The beginning of a statement that adds rows and says what happens where one is there already:
    the two databases have one each. `postgres` is for statements that are put together once for
    either; else it is the database of the site."""
    if postgres is None:
        postgres = is_postgresql()
    return postgresql.insert(table) if postgres else sqlite.insert(table)


class _HintingCompiler(SQLiteCompiler):
    """Writes what `with_hint(table, "INDEXED BY …", "sqlite")` says, which the library's own leaves
    out. SQLite has no statistics here, so it cannot know which of two indexes has few rows."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        return text


def _make_private(path: str) -> None:
    """A new database is its owner's alone to read, whatever the umask; SQLite gives its log and
    index the same rights. One that is there keeps what its owner chose."""
    with suppress(OSError):  # it is there; or it cannot be, and SQLite's own attempt says so
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _prepare_sqlite(engine: Engine) -> None:
    engine.dialect.statement_compiler = _HintingCompiler
    path = engine.url.database
    if path and not path.startswith((":", "file:")):  # a plain file, not memory

        @event.listens_for(engine, "do_connect")
        def on_do_connect(*_how: Any) -> None:
            _make_private(path)

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN would come too late
        for pragma in SQLITE_PRAGMAS:
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN " + begin_mode.get())
