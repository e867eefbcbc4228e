"""How near questions are to each other in meaning, by the vectors that are kept already. No model
is asked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.infra.db import db
from app.search import vectors
from app.search.models import SearchDocument, SearchVector


@dataclass(frozen=True, slots=True)
class Near:
    """The cosines of pairs of questions, the smaller id first, and which of them were read."""

    scores: dict[tuple[int, int], float] = field(default_factory=dict)
    read: frozenset[int] = frozenset()


def present() -> tuple[str, int] | None:
    """The model that has read the most documents, and how many; None where there is none."""
    counted = db.session.execute(
        select(SearchVector.model, func.count().label("documents"))
        .group_by(SearchVector.model)
        .order_by(func.count().desc(), SearchVector.model)
        .limit(1)
    ).one_or_none()
    return (counted.model, counted.documents) if counted else None


def pairs(question_ids: Collection[int], least: float) -> Near:
    """The pairs among these questions whose cosine is at least `least`."""
    model = present()
    if model is None:
        return Near()
    theirs = select(SearchDocument.id, SearchDocument.ref).where(SearchDocument.kind == "question")
    refs = {row.id: row.ref for row in db.session.execute(theirs) if row.ref in question_ids}
    read = [
        (refs[document_id], vector)
        for part in vectors.loaded(model[0], sorted(refs))
        for document_id, vector in part
    ]
    if not read:
        return Near()
    read.sort()
    # Only here, since it costs memory that a site without a model never needs.
    from app.search import nearness  # noqa: PLC0415

    scores = nearness.pairs([ref for ref, _ in read], [vector for _, vector in read], least)
    return Near(scores, frozenset(ref for ref, _ in read))
