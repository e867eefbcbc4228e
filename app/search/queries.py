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

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    Row,
    Select,
    String,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL, REGCONFIG, TSVECTOR

from app.domains.answers.models import AnswerCard
from app.domains.articles.models import Article
from app.domains.resources.models import Resource
from app.domains.tags import queries as tags
from app.engines.text.query_words import phrase_words, query_words, quoted, readable
from app.engines.text.slug import slugify
from app.engines.thread import PageBounds, page_bounds
from app.infra import clock
from app.infra.db import UtcDateTime, is_postgresql, rows_of
from app.search.excerpts import Pieces, excerpt, marked
from app.search.models import SearchDocument

PAGE_SIZE = 20
KINDS = ("card", "article", "resource", "question")
TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT = 3.0, 1.0, 2.0
"""Title three to one, as measured on real questions; tags between, since a person chose them."""
MOST_RANKED = 2_000
"""Of what matches, the youngest are ranked, and no page leads further: 96,000 of 100,000 texts took
ts_rank_cd a second and bm25 a tenth of one, and a word that every tenth text has costs ten times as
much on a site that is ten times as large."""
COUNTED = 10_000
"""Nobody wants to know it more exactly, and to count further costs more the larger a site is."""
_MOST_TAGS = 3
_LONGER_TEXTS_RANK_LOWER = 1
"""ts_rank_cd's flag: divide by 1 + log(length). bm25 weighs length by itself."""

_TEXT = table("search_text", column("rowid"), column("search_text"))
_EXPRESSION: BindParameter[str] = bindparam("expression", type_=String())
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_VECTOR: ColumnElement[str] = column("search_text", TSVECTOR)


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
    """`is_loose` says that nothing has all of the words, so that these have some of them. A `total`
    of one more than COUNTED stands for all further ones."""

    query: str
    total: int
    hits: tuple[Hit, ...]
    bounds: PageBounds
    is_loose: bool = False


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
    expression = _expression(words, " ", names)
    total = _count(expression, wanted)
    is_loose = False
    if not total and len(words) > 1:
        expression = _expression(words, " OR ", names)
        total = _count(expression, wanted)
        is_loose = total > 0
    bounds = page_bounds(min(total, MOST_RANKED), page, size)
    ids = _ranked(expression, wanted, bounds) if total else []
    said = (*words, *(word for name in names for word in name.split()))
    return Results(asked, total, _hits(ids, said), bounds, is_loose)


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


def _values(expression: str, kind: str | None) -> dict[str, Any]:
    """Of the parameters that the statements below have; they are put together once in each process
    for each of the two databases."""
    values = {
        "expression": expression,
        "now": clock.now(),
        "counted": COUNTED + 1,
        "ranked": MOST_RANKED,
        "but_one": MOST_RANKED - 1,
    }
    return values if kind is None else {**values, "kind": kind}


def _matching(*, is_postgresql: bool, is_of_kind: bool) -> Select[int]:
    """The ids of all documents that match and are not kept for later.

    On SQLite the conditions on the document are asked of its indexes alone: to read the row itself
    would mean to read past its whole text.
    """
    now, kind = bindparam("now", type_=UtcDateTime()), bindparam("kind", type_=String())
    if is_postgresql:
        found = select(SearchDocument.id).where(
            _VECTOR.bool_op("@@")(_postgresql_query()), SearchDocument.visible_from <= now
        )
        return found.where(SearchDocument.kind == kind) if is_of_kind else found
    later = select(SearchDocument.id).where(SearchDocument.visible_from > now)
    found = select(_TEXT.c.rowid).where(
        _TEXT.c.search_text.bool_op("MATCH")(_EXPRESSION), _TEXT.c.rowid.not_in(later)
    )
    if is_of_kind:
        of_kind = select(SearchDocument.id).where(SearchDocument.kind == kind)
        found = found.where(_TEXT.c.rowid.in_(of_kind))
    return found


def _count(expression: str, kind: str | None) -> int:
    asked = _counting(is_postgresql=is_postgresql(), is_of_kind=kind is not None)
    return int(rows_of(asked, _values(expression, kind))[0][0])


@cache
def _counting(*, is_postgresql: bool, is_of_kind: bool) -> Select[int]:
    found = _matching(is_postgresql=is_postgresql, is_of_kind=is_of_kind).limit(
        bindparam("counted")
    )
    return select(func.count()).select_from(found.subquery())


def _ranked(expression: str, kind: str | None, bounds: PageBounds) -> list[int]:
    """One page of ids, best first, younger rows first among equals.

    Rows are skipped here, of MOST_RANKED at most: all of these are ranked for any page, so that the
    last costs what the first does. A place would not hold: bm25 changes with every text that comes.
    """
    ranking = _ranking_postgresql if is_postgresql() else _ranking_sqlite
    part = {"most": bounds.limit, "skipped": bounds.offset}
    rows = rows_of(ranking(is_of_kind=kind is not None), _values(expression, kind) | part)
    return [row[0] for row in rows]


@cache
def _ranking_postgresql(*, is_of_kind: bool) -> Select[int]:
    found = _matching(is_postgresql=True, is_of_kind=is_of_kind)
    youngest = found.order_by(SearchDocument.id.desc()).limit(bindparam("ranked"))
    weights = [0.0, BODY_WEIGHT / TITLE_WEIGHT, TAGS_WEIGHT / TITLE_WEIGHT, 1.0]
    rank = func.ts_rank_cd(
        cast(weights, ARRAY(REAL)), _VECTOR, _postgresql_query(), _LONGER_TEXTS_RANK_LOWER
    )
    ranked = (
        select(SearchDocument.id)
        .where(SearchDocument.id.in_(youngest))
        .order_by(rank.desc(), SearchDocument.id.desc())
    )
    return ranked.limit(bindparam("most")).offset(bindparam("skipped"))


@cache
def _ranking_sqlite(*, is_of_kind: bool) -> Select[int]:
    found = _matching(is_postgresql=False, is_of_kind=is_of_kind)
    rank = func.bm25(
        column("search_text"), TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT, type_=Float
    )  # the smaller, the better
    youngest = found.order_by(_TEXT.c.rowid.desc())
    first = youngest.offset(bindparam("but_one")).limit(1).scalar_subquery()
    ranked = found.where(_TEXT.c.rowid >= func.coalesce(first, 0))
    ranked = ranked.order_by(rank, _TEXT.c.rowid.desc())
    return ranked.limit(bindparam("most")).offset(bindparam("skipped"))


def _postgresql_query() -> ColumnElement[str]:
    return func.websearch_to_tsquery(cast(literal("english"), REGCONFIG), _EXPRESSION)


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
