"""What a model of meaning made of each document, kept beside the text with the model's name.

Rows alone: nothing here needs the model, so every process may import it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, exists, func, insert, select

from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search.models import SearchDocument, SearchVector

LOADED_AT_ONCE = 5_000
LONGEST_ENCODED = 2_000
"""Characters of a text that the model is given; it reads 256 tokens of them at most."""
_QUIETLY = {"synchronize_session": False}


def documents() -> int:
    """How many documents there are."""
    return db.session.scalar(select(func.count(SearchDocument.id))) or 0


def made_by(model: str) -> int:
    """How many documents this model has read."""
    return (
        db.session.scalar(
            select(func.count()).select_from(SearchVector).where(SearchVector.model == model)
        )
        or 0
    )


def of_other_models(model: str) -> bool:
    """Whether vectors of another model are still there."""
    return db.session.scalar(select(exists().where(SearchVector.model != model))) or False


def waiting(model: str, limit: int) -> list[tuple[int, str, str]]:
    """Id, title and text of documents that this model has not read, the oldest first."""
    missing = ~exists().where(
        SearchVector.document_id == SearchDocument.id, SearchVector.model == model
    )
    found = db.session.execute(
        select(SearchDocument.id, SearchDocument.title, SearchDocument.body)
        .where(missing)
        .order_by(SearchDocument.id)
        .limit(limit)
    )
    return [(row.id, row.title, row.body[:LONGEST_ENCODED]) for row in found]


def keep(model: str, read: Sequence[tuple[int, str, str]], made: Sequence[bytes]) -> list[int]:
    """Keep what a model made of documents; the ids of those that still say what was read. Commits
    by itself: what was changed meanwhile is read once more."""
    ids = [one[0] for one in read]
    with unit_of_work():
        now = {
            row.id: (row.id, row.title, row.body[:LONGEST_ENCODED])
            for row in db.session.execute(
                select(SearchDocument.id, SearchDocument.title, SearchDocument.body).where(
                    SearchDocument.id.in_(ids)
                )
            )
        }
        rows = [
            {"document_id": one[0], "model": model, "vector": vector}
            for one, vector in zip(read, made, strict=True)
            if now.get(one[0]) == one
        ]
        forget(ids, model)
        if rows:
            db.session.execute(insert(SearchVector), rows)
    return [int(str(row["document_id"])) for row in rows]


def forget(document_ids: Sequence[int], model: str | None = None) -> None:
    """Take vectors back, of one model or of all: the texts have changed."""
    theirs = delete(SearchVector).where(SearchVector.document_id.in_(document_ids))
    if model is not None:
        theirs = theirs.where(SearchVector.model == model)
    db.session.execute(theirs, execution_options=_QUIETLY)


def forget_others(model: str) -> None:
    """Take back what other models made. Commits by itself."""
    with unit_of_work():
        db.session.execute(
            delete(SearchVector).where(SearchVector.model != model), execution_options=_QUIETLY
        )


def ids_of(model: str) -> set[int]:
    """The documents that this model has read."""
    theirs = select(SearchVector.document_id).where(SearchVector.model == model)
    return set(db.session.scalars(theirs))


def loaded(model: str, ids: Sequence[int]) -> Iterator[list[tuple[int, bytes]]]:
    """The vectors of these documents, some thousands at a time."""
    for at in range(0, len(ids), LOADED_AT_ONCE):
        rows = db.session.execute(
            select(SearchVector.document_id, SearchVector.vector).where(
                SearchVector.model == model,
                SearchVector.document_id.in_(ids[at : at + LOADED_AT_ONCE]),
            )
        )
        yield [(row.document_id, row.vector) for row in rows]
