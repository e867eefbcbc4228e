"""What matches, best first: SQLite's FTS5 and PostgreSQL's full text, each by its own way.

Of what many things have in common (`MOST_RANKED`) only the newest are ranked. Neither database can
rank without reading each match, and PostgreSQL's index cannot give the newest first: it finds all
matches, in the order in which they lie. So there it is first asked how often the newest documents
match; what stands in many of them is found by walking back through them, and ends when enough is
found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    column,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL, REGCONFIG, TSVECTOR

from app.engines.thread import PageBounds, page_bounds
from app.infra import clock
from app.infra.db import UtcDateTime, is_postgresql, rows_of
from app.search.models import SearchDocument

TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT = 3.0, 1.0, 2.0
"""Title three to one, as measured on real questions; tags between, since a person chose them."""
MOST_RANKED = 2_000
"""Matches that are all ranked. ts_rank_cd takes 10 microseconds each."""
RANKED_OF_MANY = 300
"""Of more matches, the newest are ranked, and no page leads further."""
ASKED, TWICE = 250, 2
"""The newest documents, by which PostgreSQL is asked how common an expression is (0.6 ms), and how
many of them must match: one alone may do so by chance."""
LOOKED_THROUGH = 20_000
"""The newest documents, in which PostgreSQL looks for what is common: 30 ms where it finds little,
5 ms for a word of every tenth text."""
ENOUGH = 60
"""Matches among these, three pages. Of fewer it is not believed that the newest stand for all."""
_LONGER_TEXTS_RANK_LOWER = 1
"""ts_rank_cd's flag: divide by 1 + log(length). bm25 weighs length by itself."""

_TEXT = table("search_text", column("rowid"), column("search_text"))
_EXPRESSION: BindParameter[str] = bindparam("expression", type_=String())
_VECTOR: ColumnElement[str] = column("search_text", TSVECTOR)
_NOW = bindparam("now", type_=UtcDateTime())
_KIND = bindparam("kind", type_=String())


@dataclass(frozen=True, slots=True)
class Ranked:
    """One page of documents by their ids, best first, younger first among equals, and where it
    stands among all that are ranked: these are `total`. `is_many`: they are the newest of more than
    MOST_RANKED, of which nobody counted how many."""

    ids: Sequence[int]
    total: int
    bounds: PageBounds
    is_many: bool


def ranked(expression: str, kind: str | None, page: int, size: int) -> Ranked:
    """A page of the documents of this kind, or of any, that match and are not kept for later.

    Rows are skipped here, of MOST_RANKED at most: all of these are ranked for any page, so that the
    last costs what the first does. A place would not hold: a rank changes with every text that
    comes. Two statements; three on PostgreSQL for what is common.
    """
    values: dict[str, Any] = {"expression": expression, "now": clock.now()}
    if kind is not None:
        values["kind"] = kind
    return (_by_postgresql if is_postgresql() else _by_sqlite)(values, page, size)


# SQLite


def _by_sqlite(values: dict[str, Any], page: int, size: int) -> Ranked:
    """FTS5 gives the newest first by itself, and stops when asked to. What it cannot leave out is
    to count the rows that have each word, for the weight of the word: 2 ms where two words stand in
    40,000 texts each."""
    is_of_kind = "kind" in values
    most = {"most": MOST_RANKED + 1, "but_one": RANKED_OF_MANY - 1}
    matching = rows_of(_counting(is_of_kind=is_of_kind), values | most)[0][0]
    is_many = matching > MOST_RANKED
    total = RANKED_OF_MANY if is_many else matching
    bounds = page_bounds(total, page, size)
    if not total:
        return Ranked((), 0, bounds, is_many=False)
    part = {"size": bounds.limit, "skipped": bounds.offset}
    asked = _by_bm25(is_of_kind=is_of_kind, is_many=is_many)
    ids = [row[0] for row in rows_of(asked, values | most | part)]
    return Ranked(ids, total, bounds, is_many)


@cache
def _counting(*, is_of_kind: bool) -> Select[int]:
    """Put together once in each process, like all that follow."""
    some = _in_text(is_of_kind=is_of_kind).limit(bindparam("most"))
    return select(func.count()).select_from(some.subquery())


@cache
def _by_bm25(*, is_of_kind: bool, is_many: bool) -> Select[int]:
    rank = func.bm25(
        column("search_text"), TITLE_WEIGHT, BODY_WEIGHT, TAGS_WEIGHT, type_=Float
    )  # the smaller, the better
    found = _in_text(is_of_kind=is_of_kind)
    if is_many:
        newest = found.order_by(_TEXT.c.rowid.desc())
        last = newest.offset(bindparam("but_one")).limit(1).scalar_subquery()
        found = found.where(_TEXT.c.rowid >= last)
    ranked = found.order_by(rank, _TEXT.c.rowid.desc())
    return ranked.limit(bindparam("size")).offset(bindparam("skipped"))


def _in_text(*, is_of_kind: bool) -> Select[int]:
    """The conditions on the document are asked of its indexes alone: to read the row itself would
    mean to read past its whole text."""
    later = select(SearchDocument.id).where(SearchDocument.visible_from > _NOW)
    found = select(_TEXT.c.rowid).where(
        _TEXT.c.search_text.bool_op("MATCH")(_EXPRESSION), _TEXT.c.rowid.not_in(later)
    )
    if not is_of_kind:
        return found
    of_kind = select(SearchDocument.id).where(SearchDocument.kind == _KIND)
    return found.where(_TEXT.c.rowid.in_(of_kind))


# PostgreSQL


def _by_postgresql(values: dict[str, Any], page: int, size: int) -> Ranked:
    is_of_kind = "kind" in values
    part = {"size": size, "skipped": min((page - 1) * size, MOST_RANKED)}
    part |= {"all": MOST_RANKED, "ranked": RANKED_OF_MANY}
    matching, newest = rows_of(_how_common(is_of_kind=is_of_kind), values | {"most": ASKED})[0]
    # Ids have gaps, so there are fewer documents than the newest id says; the 2 makes up for it.
    if matching >= TWICE and matching * newest / ASKED > 2 * MOST_RANKED:
        part["most"] = LOOKED_THROUGH
        rows = rows_of(_among_newest(is_of_kind=is_of_kind), values | part)
        if rows and rows[0].total >= ENOUGH:
            return _of_rows(rows, page, size, is_many=True)
    rows = rows_of(_among_all(is_of_kind=is_of_kind), values | part)
    return _of_rows(rows, page, size, is_many=bool(rows) and rows[0].matching > MOST_RANKED)


def _of_rows(rows: Sequence[Any], page: int, size: int, *, is_many: bool) -> Ranked:
    total = rows[0].total if rows else 0
    return Ranked([row.id for row in rows], total, page_bounds(total, page, size), is_many)


@cache
def _how_common(*, is_of_kind: bool) -> Select[int, int]:
    """How many of the newest documents match, and the newest id."""
    newest = _newest_documents()
    does_match = _matches(newest, is_of_kind=is_of_kind)
    return select(func.count().filter(*does_match), func.max(newest.c.id))


@cache
def _among_newest(*, is_of_kind: bool) -> Select[*tuple[Any, ...]]:
    """The newest matches, by a walk back through the documents that ends when they are found."""
    newest = _newest_documents()
    found = select(newest.c.id).where(*_matches(newest, is_of_kind=is_of_kind))
    return _by_rank(found.order_by(newest.c.id.desc()).limit(bindparam("ranked")))


@cache
def _among_all(*, is_of_kind: bool) -> Select[*tuple[Any, ...]]:
    """All matches, from the index: it is not left to the database to walk back through what may
    have no match for long, as it would for the sake of a limit."""
    documents = SearchDocument.__table__
    every = select(documents.c.id).where(*_matches(documents, is_of_kind=is_of_kind))
    every_ = every.cte("matching").prefix_with("MATERIALIZED")
    matching = select(func.count()).select_from(every_).scalar_subquery()
    all_, newest = bindparam("all", type_=Integer()), bindparam("ranked", type_=Integer())
    most = case((matching > all_, newest), else_=all_)
    youngest = select(every_.c.id).order_by(every_.c.id.desc()).limit(most)
    return _by_rank(youngest).add_columns(matching.label("matching"))


def _newest_documents() -> FromClause:
    return (
        select(SearchDocument.id, SearchDocument.kind, SearchDocument.visible_from, _VECTOR)
        .order_by(SearchDocument.id.desc())
        .limit(bindparam("most"))
        .subquery("newest")
    )


def _matches(documents: FromClause, *, is_of_kind: bool) -> list[ColumnElement[bool]]:
    vector = documents.c.get("search_text", _VECTOR)
    found = [vector.bool_op("@@")(_query()), documents.c.visible_from <= _NOW]
    return [*found, documents.c.kind == _KIND] if is_of_kind else found


def _by_rank(ids: Select[int]) -> Select[*tuple[Any, ...]]:
    """The page that is asked for, or the last; each row says how many are ranked."""
    ranked = ids.cte("ranked").prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(ranked).scalar_subquery()
    last = (total - 1) // bindparam("size") * bindparam("size")
    weights = [0.0, BODY_WEIGHT / TITLE_WEIGHT, TAGS_WEIGHT / TITLE_WEIGHT, 1.0]
    rank = func.ts_rank_cd(cast(weights, ARRAY(REAL)), _VECTOR, _query(), _LONGER_TEXTS_RANK_LOWER)
    found = select(SearchDocument.id, total.label("total"))
    found = found.where(SearchDocument.id.in_(select(ranked.c.id)))
    found = found.order_by(rank.desc(), SearchDocument.id.desc()).limit(bindparam("size"))
    return found.offset(func.greatest(func.least(bindparam("skipped"), last), 0))


def _query() -> ColumnElement[str]:
    return func.websearch_to_tsquery(cast(literal("english"), REGCONFIG), _EXPRESSION)
