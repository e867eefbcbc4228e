"""The vectors of one model in an index of PostgreSQL (the extension `vector`), for sites of so many
texts that holding them in memory would be slow and dear.

The column stands beside the bytes, which stay what is true: it is made here and not by a migration,
since many servers lack the extension or the right to create it. Each model has an index of its own
(HNSW, by cosine), so that the one before goes on answering while another reads. Making an index
locks nobody out, and what was begun and broken off is made anew.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.exc import NotSupportedError, ProgrammingError, SQLAlchemyError

from app.infra.db import db, is_postgresql
from app.infra.meaning import Vectors

logger = logging.getLogger(__name__)

AT_ONCE = 1_000
"""Vectors a transaction, where many are put in the index."""
LOOKED_AT = 200
"""Neighbours that a search keeps in sight (`hnsw.ef_search`), twice what is asked for. Of 30,000
made-up vectors, fifteen to a subject, it finds 79 of the true hundred, most of which are near by
chance; some tens of milliseconds on a busy machine."""
MOST_DIMENSIONS = 2_000
"""What the extension can index."""

_EXTENSION = "CREATE EXTENSION IF NOT EXISTS vector"
_UNPLACED_INDEX = """
    CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_search_vector_unplaced
    ON search_vector (model, document_id) WHERE near IS NULL
"""
LOCK_MILLISECONDS = 5_000
_HAS_COLUMN = text(
    "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'search_vector'::regclass "
    "AND attname = 'near' AND NOT attisdropped) "
    "AND to_regclass('ix_search_vector_unplaced') IS NOT NULL"
)
_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
_MAKING_MEMORY = "256MB"
"""For the making of an index: the graph of 100,000 texts takes 200 MB, and many times as long where
it does not fit."""


def is_there() -> bool:
    """Whether the column was made already."""
    if not is_postgresql():
        return False
    with _alone() as connection:
        return bool(connection.execute(_HAS_COLUMN).scalar())


def is_offered() -> bool:
    """Whether this database can hold such an index; makes the extension and the column where they
    are missing. Says in the log why it cannot. Raises OperationalError where it cannot just now.
    """
    if not is_postgresql():
        logger.warning("matching: so many vectors in memory are slow, and SQLite cannot index them")
        return False
    try:
        if not is_there():
            with _alone() as connection:
                _make_column(connection)
    except (ProgrammingError, NotSupportedError) as fault:  # no such extension, or no right to it
        logger.warning("matching: vectors stay in memory, without an index: %s", reason(fault))
        return False
    return True


def reason(fault: SQLAlchemyError) -> str:
    """What the database says, in one line."""
    return str(getattr(fault, "orig", None) or fault).strip().partition("\n")[0]


def _make_column(connection: Connection) -> None:
    """Waits a few seconds for the table at most: all others would wait behind it."""
    connection.execute(text(_EXTENSION))
    connection.execute(text(f"SET lock_timeout = {LOCK_MILLISECONDS}"))
    try:
        connection.execute(text("ALTER TABLE search_vector ADD COLUMN IF NOT EXISTS near vector"))
    finally:
        connection.execute(text("RESET lock_timeout"))
    connection.execute(text(_UNPLACED_INDEX))


class Indexed:
    """As `matrix.Matrix`, but nothing is held in memory."""

    def __init__(self, model: str, width: int) -> None:
        if not 0 < width <= MOST_DIMENSIONS:
            raise ValueError(f"{width} numbers a text cannot be indexed")
        self.model = model
        self._engine = db.engine
        self._near = f"near::vector({width})"
        self._name = f"ix_search_vector_near_{model}"
        self._theirs = f"model = '{_plain(model)}'"
        self._is_made = False
        self.distance = f"{self._near} <=> CAST(:asked AS vector)"
        self.statement = (
            f"SELECT document_id, 1 - ({self.distance}) FROM search_vector"  # noqa: S608
            f" WHERE {self._theirs} AND near IS NOT NULL"
        )

    def __len__(self) -> int:
        count = text(f"SELECT count(*) FROM search_vector WHERE {self._theirs}")  # noqa: S608
        with self._engine.connect() as connection:
            return int(connection.execute(count).scalar_one())

    def nearest(self, asked: Vectors, limit: int, also: Sequence[int] = ()) -> dict[int, float]:
        """The documents whose vectors are nearest, with the cosine of each, and the cosines of
        those of `also` that have a vector. The index may miss a few of many."""
        given = {"asked": _written(asked)}
        with self._engine.connect() as connection:
            connection.execute(text(f"SET LOCAL hnsw.ef_search = {max(LOOKED_AT, limit)}"))
            near = text(f"{self.statement} ORDER BY {self.distance} LIMIT :limit")
            found = connection.execute(near, {**given, "limit": limit}).all()
            if also:
                named = text(f"{self.statement} AND document_id = ANY(:also)")
                found = [*found, *connection.execute(named, {**given, "also": list(also)})]
        return {int(document_id): float(cosine) for document_id, cosine in found}

    def of(self, document_id: int) -> Vectors | None:
        """One document's own vector."""
        wanted = text(
            f"SELECT vector FROM search_vector WHERE {self._theirs} AND document_id = :id"  # noqa: S608
        )
        with self._engine.connect() as connection:
            found = connection.execute(wanted, {"id": document_id}).scalar()
        return None if found is None else np.frombuffer(found, np.float32)

    def put(self, ids: Sequence[int], rows: Vectors) -> None:
        """Put documents' vectors, which are kept already, in the index too."""
        change = text(
            f"UPDATE search_vector SET near = CAST(:near AS vector)"  # noqa: S608
            f" WHERE {self._theirs} AND document_id = :id"
        )
        changes = [{"id": one, "near": _written(row)} for one, row in zip(ids, rows, strict=True)]
        if changes:
            with self._engine.begin() as connection:
                connection.execute(change, changes)

    def is_ready(self) -> bool:
        """Whether the index is there and holds all that is kept."""
        with self._engine.connect() as connection:
            return bool(connection.execute(_VALID, {"name": self._name}).scalar()) and not (
                connection.execute(text(f"SELECT EXISTS ({self._unplaced})"), {"most": 1}).scalar()
            )

    def refresh(self) -> None:
        """Put in the index what is kept and not there; make the index where it is missing."""
        while True:
            with self._engine.connect() as connection:
                part = connection.execute(text(self._unplaced), {"most": AT_ONCE}).all()
            if not part:
                break
            rows = np.frombuffer(b"".join(bytes(row.vector) for row in part), np.float32)
            self.put([row.document_id for row in part], rows.reshape(len(part), -1))
        if not self._is_made:
            self._make()
            self._is_made = True

    @property
    def _unplaced(self) -> str:
        return (
            f"SELECT document_id, vector FROM search_vector WHERE {self._theirs}"  # noqa: S608
            " AND near IS NULL ORDER BY document_id LIMIT :most"
        )

    def _make(self) -> None:
        with _alone() as connection:
            is_valid = connection.execute(_VALID, {"name": self._name}).scalar()
            if is_valid:
                return
            if is_valid is not None:  # broken off
                connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {self._name}"))
            logger.info("matching: the database makes an index of the vectors")
            connection.execute(text(f"SET maintenance_work_mem = '{_MAKING_MEMORY}'"))
            try:
                connection.execute(
                    text(
                        f"CREATE INDEX CONCURRENTLY {self._name} ON search_vector"
                        f" USING hnsw (({self._near}) vector_cosine_ops) WHERE {self._theirs}"
                    )
                )
            finally:
                connection.execute(text("RESET maintenance_work_mem"))


def forget_others(model: str) -> None:
    """Drop the indexes of other models."""
    if not is_postgresql():
        return
    named = text(
        "SELECT indexname FROM pg_indexes WHERE tablename = 'search_vector'"
        r" AND indexname LIKE 'ix\_search\_vector\_near\_%' AND indexname <> :own"
    )
    with _alone() as connection:
        own = {"own": f"ix_search_vector_near_{_plain(model)}"}
        for name in connection.execute(named, own).scalars().all():
            connection.execute(text(f'DROP INDEX CONCURRENTLY IF EXISTS "{name}"'))


def _alone() -> Connection:
    """A connection whose statements each stand for themselves: an index that is made without
    locking anybody out cannot be made within a transaction."""
    return db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _plain(model: str) -> str:
    """A model's name is a part of a hash; it stands in statements that take no values."""
    if not model.isalnum():
        raise ValueError(f"{model!r} is no name of a model")
    return model


def _written(vector: Vectors) -> str:
    return f"[{','.join(map(repr, vector.tolist()))}]"
