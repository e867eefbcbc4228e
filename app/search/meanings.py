"""How near questions are to each other in meaning, by the vectors that are kept already. No model
is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.infra.db import db
from app.search import vectors
from app.search.models import SearchDocument, SearchVector

AT_ONCE = 5_000
"""Questions a statement: both databases take a limited number of values."""


@dataclass(frozen=True, slots=True)
class Near:
    """The cosines of pairs of questions, the smaller id first, and which of them were read."""

    scores: dict[tuple[int, int], float] = field(default_factory=dict)
    read: frozenset[int] = frozenset()


def present(question_ids: Collection[int]) -> tuple[str, int] | None:
    """The model that has read the most of these questions, and how many it has read."""
    counted = Counter[str]()
    for part in _parts(question_ids):
        rows = db.session.execute(
            select(SearchVector.model, func.count().label("documents"))
            .join(SearchDocument, SearchDocument.id == SearchVector.document_id)
            .where(SearchDocument.kind == "question", SearchDocument.ref.in_(part))
            .group_by(SearchVector.model)
        )
        counted.update({row.model: row.documents for row in rows})
    return min(counted.items(), key=lambda one: (-one[1], one[0]), default=None)


def pairs(question_ids: Collection[int], least: float) -> Near:
    """The pairs among these questions whose cosine is at least `least`."""
    model = present(question_ids)
    if model is None:
        return Near()
    read: list[tuple[int, bytes]] = []
    for part in _parts(question_ids):
        theirs = select(SearchDocument.id, SearchDocument.ref).where(
            SearchDocument.kind == "question", SearchDocument.ref.in_(part)
        )
        refs = {row.id: row.ref for row in db.session.execute(theirs)}
        for loaded in vectors.loaded(model[0], sorted(refs)):
            read += ((refs[document_id], vector) for document_id, vector in loaded)
    read.sort()
    # Only here, since it costs memory that a site without a model never needs.
    from app.search import nearness  # noqa: PLC0415

    scores = nearness.pairs([ref for ref, _ in read], [vector for _, vector in read], least)
    return Near(scores, frozenset(ref for ref, _ in read))


def _parts(question_ids: Collection[int]) -> Iterator[list[int]]:
    wanted = sorted(question_ids)
    for at in range(0, len(wanted), AT_ONCE):
        yield wanted[at : at + AT_ONCE]
