"""What the model of meaning made of each document: kept beside the text, searched by brute force.

The matrix of all vectors stands in the memory of the one process that holds the model, and is
brought up to date by what changed since.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import delete, exists, func, insert, select

from app.infra.db import db
from app.infra.meaning import Encoder, Vectors
from app.infra.unit_of_work import unit_of_work
from app.search.models import SearchDocument, SearchVector

BATCH = 64
"""Documents encoded between two transactions: about two seconds of work."""
LONGEST_ENCODED = 2_000
"""Characters of a text that the model is given; it reads 256 tokens of them at most."""


def without_vector(model: str) -> int:
    """How many documents this model has not read yet."""
    missing = ~exists().where(
        SearchVector.document_id == SearchDocument.id, SearchVector.model == model
    )
    return db.session.scalar(select(func.count(SearchDocument.id)).where(missing)) or 0


def encode_waiting(
    encoder: Encoder,
    progress: Callable[[int], object] = lambda _done: None,
    *,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Give every document a vector of this model; how many got one. Commits by itself, a batch at
    a time, and encodes with nothing locked. Vectors of other models go when all are done."""
    done = 0
    while not stop():
        db.session.rollback()
        missing = ~exists().where(
            SearchVector.document_id == SearchDocument.id, SearchVector.model == encoder.name
        )
        batch = db.session.execute(
            select(SearchDocument.id, SearchDocument.title, SearchDocument.body)
            .where(missing)
            .order_by(SearchDocument.id)
            .limit(BATCH)
        ).all()
        if not batch:
            _forget_others(encoder.name)
            break
        db.session.rollback()
        texts = [(row.title, row.body[:LONGEST_ENCODED]) for row in batch]
        vectors = np.concatenate(list(encoder.read(texts)))
        with unit_of_work():
            _keep(encoder.name, [row.id for row in batch], vectors)
        done += len(batch)
        progress(len(batch))
    return done


def _keep(model: str, document_ids: list[int], vectors: Vectors) -> None:
    there = set(
        db.session.scalars(select(SearchDocument.id).where(SearchDocument.id.in_(document_ids)))
    )
    rows = [
        {"document_id": document_id, "model": model, "vector": vector.tobytes()}
        for document_id, vector in zip(document_ids, vectors, strict=True)
        if document_id in there
    ]
    forget(document_ids, model)
    if rows:
        db.session.execute(insert(SearchVector), rows)


def forget(document_ids: list[int], model: str | None = None) -> None:
    """Take vectors back, of one model or of all: the texts have changed."""
    theirs = delete(SearchVector).where(SearchVector.document_id.in_(document_ids))
    if model is not None:
        theirs = theirs.where(SearchVector.model == model)
    db.session.execute(theirs, execution_options={"synchronize_session": False})


def _forget_others(model: str) -> None:
    if db.session.scalar(select(exists().where(SearchVector.model != model))):
        with unit_of_work():
            db.session.execute(
                delete(SearchVector).where(SearchVector.model != model),
                execution_options={"synchronize_session": False},
            )


@dataclass(slots=True)
class Matrix:
    """All vectors of one model, a row each, and whose they are."""

    model: str
    ids: list[int] = field(default_factory=list)
    rows: Vectors = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    stamp: tuple[int, datetime | None] = (0, None)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def nearest(self, asked: Vectors, limit: int) -> dict[int, float]:
        """The ids of the documents whose vectors are nearest, with the cosine of each."""
        with self.lock:
            ids, rows = self.ids, self.rows
        if not ids:
            return {}
        scores = rows @ asked
        best = np.argpartition(-scores, limit)[:limit] if len(ids) > limit else np.arange(len(ids))
        return {ids[place]: float(scores[place]) for place in best}

    def refresh(self) -> None:
        """Read the vectors anew if any came or went since."""
        stamp = _stamp(self.model)
        if stamp == self.stamp:
            return
        found = db.session.execute(
            select(SearchVector.document_id, SearchVector.vector)
            .where(SearchVector.model == self.model)
            .order_by(SearchVector.document_id)
        ).all()
        rows = np.frombuffer(b"".join(row.vector for row in found), np.float32)
        with self.lock:
            self.ids = [row.document_id for row in found]
            self.rows = rows.reshape(len(found), -1) if found else rows.reshape(0, 0)
            self.stamp = stamp


def _stamp(model: str) -> tuple[int, datetime | None]:
    """Changes with every vector that comes or goes."""
    count, last = db.session.execute(
        select(func.count(), func.max(SearchVector.made_at)).where(SearchVector.model == model)
    ).one()
    return int(count), last
