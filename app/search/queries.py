"""One search behind which two databases stand: SQLite's FTS5 and PostgreSQL's full text.

Both are given the same text: quoted words side by side, or with `or` between. Nothing a person
types reaches either syntax but letters and digits inside quotation marks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, select

from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.resources.models import Resource
from app.domains.tags import queries as tags
from app.engines.text.query_words import phrase_words, query_words, quoted, readable
from app.engines.text.slug import slugify
from app.engines.thread import PageBounds, page_bounds
from app.infra.db import rows_of
from app.search.excerpts import Pieces, excerpt, marked
from app.search.models import SearchDocument
from app.search.ranking import ranked

PAGE_SIZE = 20
KINDS = ("card", "article", "resource", "question")
_MOST_TAGS = 3
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `ref` is its id and `slug` the readable end of its address; `title` and
    `excerpt` come in pieces of plain text, each with whether it is a word that was asked for."""

    kind: str
    ref: int
    slug: str
    title: Pieces
    excerpt: Pieces
    visible_from: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """`is_loose` says that nothing has all of the words, so that these have some of them. So many
    things have them, where it `is_many`, that only the newest were ranked, and `older` articles,
    resources and cards: together these are `total`."""

    query: str
    total: int
    hits: tuple[Hit, ...]
    bounds: PageBounds
    is_loose: bool = False
    is_many: bool = False
    older: int = 0


def search(text: str, kind: str | None = None, page: int = 1, size: int = PAGE_SIZE) -> Results:
    """What everyone may read that speaks of `text`, best first; any text is a good question.

    A kind that is none of KINDS is taken for all of them.
    """
    asked = readable(text)
    words = query_words(asked)
    if not words:
        return Results(asked, 0, (), page_bounds(0, 1, size))
    names = _tag_names(asked)
    wanted = kind if kind in KINDS else None
    found = ranked(_expression(words, " ", names), wanted, page, size)
    is_loose = False
    if not found.total and len(words) > 1:
        found = ranked(_expression(words, " OR ", names), wanted, page, size)
        is_loose = found.total > 0
    said = (*words, *(word for name in names for word in name.split()))
    hits = _hits(found.ids, said)
    place = found.bounds
    return Results(asked, found.total, hits, place, is_loose, found.is_many, found.older)


def _tag_names(text: str) -> list[str]:
    """The names of the tags that the text speaks of, in whatever words: what carries a tag has its
    name in the index."""
    found = [match.tag_id for match in tags.lexicon().match(text, limit=_MOST_TAGS)]
    names = map(phrase_words, tags.names_of(found))
    return [name for name in names if name]


def _expression(words: Sequence[str], between: str, names: Sequence[str]) -> str:
    """The words, or one of the names as a phrase, as both databases read it.

    >>> _expression(("hip", "clicks"), " ", ("snapping hip",))
    '"hip" "clicks" OR "snapping hip"'
    """
    return " OR ".join([quoted(words, between), *(quoted([name]) for name in names)])


def _hits(ids: Sequence[int], words: Sequence[str]) -> tuple[Hit, ...]:
    if not ids:
        return ()
    documents = {row.id: row for row in rows_of(_documents(), {"ids": list(ids)})}
    found = [documents[document_id] for document_id in ids if document_id in documents]
    slugs = _slugs(found)
    return tuple(
        Hit(
            kind=document.kind,
            ref=document.ref,
            slug=slugs[document.kind, document.ref],
            title=marked(document.title, words),
            excerpt=excerpt(document.body, words),
            visible_from=document.visible_from,
        )
        for document in found
        if (document.kind, document.ref) in slugs
    )


@cache
def _documents() -> Select[*tuple[Any, ...]]:
    return select(
        SearchDocument.id,
        SearchDocument.kind,
        SearchDocument.ref,
        SearchDocument.title,
        SearchDocument.body,
        SearchDocument.visible_from,
    ).where(SearchDocument.id.in_(_IDS))


def _slugs(found: Sequence[Row[*tuple[Any, ...]]]) -> dict[tuple[str, int], str]:
    """The readable ends of the documents' addresses by kind and id."""
    slugs = {
        ("question", document.ref): slugify(document.title)
        for document in found
        if document.kind == "question"
    }
    for kind in ("card", "article", "resource"):
        refs = [document.ref for document in found if document.kind == kind]
        if refs:
            slugs |= {(kind, ref): slug for ref, slug in rows_of(_slugs_of(kind), {"ids": refs})}
    return slugs


@cache
def _slugs_of(kind: str) -> Select[int, str]:
    model: Any = {"card": AnswerCard, "article": Article, "resource": Resource}[kind]
    return select(model.id, model.slug).where(model.id.in_(_IDS))
