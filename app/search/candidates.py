"""What may be like a question, fetched from the postings: the texts that say its rarest words, and
of each as much as the comparison needs."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import case, func, select

from app.engines.matching.likeness import Library, Profile, pieces
from app.infra import clock, running
from app.infra.db import db
from app.search.models import SearchDocument, SearchPosting, SearchStem

CANDIDATES = 100
"""Of each sort, by words and by meaning."""
RAREST = 8
"""Stems of a question that candidates are looked up by."""
COUNTED = 20_000
"""Texts that are counted for the stems of one question, about 20 ms; from there on only rarer ones
are looked up, whose texts say more."""
COMPARED = 60
"""Stems of a question that candidates are compared by: the rarest of a long one say it all."""
TITLE_COUNTS = 3
"""A word in the title says as much as three in the text (measured with FTS5 weights)."""
LIBRARY_SECONDS = 60.0
SELDOM = 1_000
"""What is known of all texts is counted by walking through an index of them. It holds so many times
as long as that took, so that a large library is counted seldom, and none costs a process more than
a thousandth of its time."""
AT_ONCE = 5_000
"""Stems a statement: both databases take a limited number of values."""


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the index, without its text."""

    id: int
    kind: str
    ref: int
    title: str
    title_stems: int
    text_stems: int

    @property
    def thing(self) -> tuple[str, int]:
        return self.kind, self.ref


def library(stems: Collection[str]) -> Library:
    """What is known of all texts, with the spread of these stems: of a minute ago at most, or of
    longer ago where there are very many."""
    known: tuple[float, int, float, float] | None = running.kept().get("library")
    if known is None or time.monotonic() > known[0]:
        began = time.monotonic()
        count, mean_title, mean_text = db.session.execute(
            select(
                func.count(),
                func.avg(SearchDocument.title_stems),
                func.avg(SearchDocument.text_stems),
            ).where(SearchDocument.text_stems > 0)
        ).one()
        ended = time.monotonic()
        until = ended + max(LIBRARY_SECONDS, SELDOM * (ended - began))
        known = (until, count, float(mean_title or 0), float(mean_text or 0))
        running.kept()["library"] = known
    return Library(known[1], known[2], known[3], _spread(sorted(stems)))


def _spread(stems: Sequence[str]) -> dict[str, int]:
    """In how many texts each of these stands; what stands nowhere is left out."""
    found: dict[str, int] = {}
    for at in range(0, len(stems), AT_ONCE):
        rows = db.session.execute(
            select(SearchStem.stem, SearchStem.spread).where(
                SearchStem.stem.in_(stems[at : at + AT_ONCE])
            )
        )
        found |= {row.stem: row.spread for row in rows}
    return found


def looked_up(stems: Collection[str], known: Library) -> list[str]:
    """Those of these stems that candidates are found by: the rarest, as long as not too many texts
    are to be counted; the rarest of all in any case."""
    rarest = _rarest(stems, known)[:RAREST]
    counted = list(accumulate(known.spread[stem] for stem in rarest))
    return [one for one, texts in zip(rarest, counted, strict=True) if texts <= COUNTED] or rarest[
        :1
    ]


def by_words(stems: Collection[str], known: Library) -> list[int]:
    """The documents that say the most of the rarest of these stems, best first."""
    tellings = looked_up(stems, known)
    if not tellings:
        return []
    rarity = case({stem: known.rarity(stem) for stem in tellings}, value=SearchPosting.stem)
    in_title = case((SearchPosting.in_title > 0, TITLE_COUNTS), else_=1)
    found = db.session.scalars(
        select(SearchPosting.document_id)
        .where(SearchPosting.stem.in_(tellings))
        .group_by(SearchPosting.document_id)
        .order_by(func.sum(rarity * in_title).desc(), SearchPosting.document_id.desc())
        .limit(CANDIDATES)
    )
    return list(found)


def find(kind: str, ref: int) -> Document | None:
    """What everyone may read of this kind and id."""
    found = _documents(SearchDocument.kind == kind, SearchDocument.ref == ref)
    return found[0] if found else None


def beginning_of(document: Document, most: int) -> str:
    """So many characters of what a document says under its title."""
    text = select(func.substr(SearchDocument.body, 1, most)).where(SearchDocument.id == document.id)
    return db.session.scalar(text) or ""


def documents(
    ids: Collection[int], kinds: Collection[str], without: Collection[tuple[str, int]] = ()
) -> dict[int, Document]:
    """Those of these that everyone may read now."""
    found = _documents(SearchDocument.id.in_(ids))  # by ids alone: SQLite would go by kinds first
    return {one.id: one for one in found if one.kind in kinds and one.thing not in without}


def _documents(*where: object) -> list[Document]:
    rows = db.session.execute(
        select(
            SearchDocument.id,
            SearchDocument.kind,
            SearchDocument.ref,
            SearchDocument.title,
            SearchDocument.title_stems,
            SearchDocument.text_stems,
        ).where(*where, SearchDocument.visible_from <= clock.now())  # type: ignore[arg-type]
    )
    return [Document(*row) for row in rows]


def profiles(
    found: Sequence[Document], stems: Collection[str], known: Library
) -> dict[int, Profile]:
    """The candidates as far as these stems go; what else they say has no part in it."""
    titles: dict[int, dict[str, int]] = {one.id: {} for one in found}
    texts: dict[int, dict[str, int]] = {one.id: {} for one in found}
    rows = db.session.execute(
        select(
            SearchPosting.document_id,
            SearchPosting.stem,
            SearchPosting.in_title,
            SearchPosting.in_text,
        ).where(
            SearchPosting.document_id.in_(list(titles)),
            SearchPosting.stem.in_(_rarest(stems, known)[:COMPARED]),
        )
    )
    for row in rows:
        titles[row.document_id][row.stem] = row.in_title
        texts[row.document_id][row.stem] = row.in_text
    return {
        one.id: Profile(
            titles[one.id], texts[one.id], one.title_stems, one.text_stems, pieces(one.title)
        )
        for one in found
    }


def stems_of(document: Document) -> tuple[dict[str, int], dict[str, int]]:
    """What a document says, and in how many documents each of it stands: numbers by stem."""
    rows = db.session.execute(
        select(SearchPosting.stem, SearchPosting.in_title, SearchPosting.in_text, SearchStem.spread)
        .join(SearchStem, SearchStem.stem == SearchPosting.stem)
        .where(SearchPosting.document_id == document.id)
    ).all()
    return (
        {row.stem: row.in_text + row.in_title * (TITLE_COUNTS - 1) for row in rows},
        {row.stem: row.spread for row in rows},
    )


def _rarest(stems: Collection[str], known: Mapping[str, int] | Library) -> list[str]:
    spread = known.spread if isinstance(known, Library) else known
    there = [stem for stem in stems if spread.get(stem)]
    return sorted(there, key=lambda stem: (spread[stem], stem))
