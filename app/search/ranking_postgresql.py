"""What matches, best first, by PostgreSQL's full text (`search.ranking`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Float,
    FromClause,
    Integer,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    column,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, REAL, REGCONFIG, TSVECTOR

from app.engines.thread import page_bounds
from app.infra.db import UtcDateTime, rows_of
from app.search import bounds
from app.search.models import SearchDocument
from app.search.ranked import Ranked

_LONGER_TEXTS_RANK_LOWER = 1
"""ts_rank_cd's flag: divide by 1 + log(length). bm25 weighs length by itself."""
_WEIGHTS = [weight / bounds.TITLE_WEIGHT for weight in (0, bounds.BODY_WEIGHT, bounds.TAGS_WEIGHT)]
_WEIGHTS.append(1.0)
_EXPRESSION: BindParameter[str] = bindparam("expression", type_=String())
_VECTOR: ColumnElement[str] = column("search_text", TSVECTOR)
_NOW = bindparam("now", type_=UtcDateTime())
_KIND = bindparam("kind", type_=String())


def by_postgresql(values: dict[str, Any], kind: str | None, page: int, size: int) -> Ranked:
    is_of_kind = kind is not None
    if is_of_kind:
        values["kind"] = kind
    part = {"size": size, "skipped": min((page - 1) * size, bounds.MOST_RANKED)}
    part |= {
        "all": bounds.MOST_RANKED,
        "ranked": bounds.RANKED_OF_MANY,
        "written": bounds.RANKED_OF_WRITTEN,
    }
    asked = _how_common(is_of_kind=is_of_kind)
    matching, newest = rows_of(asked, values | {"most": bounds.ASKED})[0]
    # Ids have gaps, so there are fewer documents than the newest id says; the 2 makes up for it.
    if matching >= bounds.TWICE and matching * newest / bounds.ASKED > 2 * bounds.MOST_RANKED:
        part |= {"most": bounds.LOOKED_THROUGH, "most_written": bounds.WRITTEN_LOOKED_THROUGH}
        rows = rows_of(_among_newest(is_of_kind=is_of_kind), values | part)
        if rows and rows[0].total - rows[0].older >= bounds.ENOUGH:
            return _of_rows(rows, page, size, is_many=True)
    rows = rows_of(_among_all(is_of_kind=is_of_kind), values | part)
    return _of_rows(rows, page, size, is_many=bool(rows) and rows[0].matching > bounds.MOST_RANKED)


def _of_rows(rows: Sequence[Any], page: int, size: int, *, is_many: bool) -> Ranked:
    total, older = (rows[0].total, rows[0].older) if rows else (0, 0)
    place = page_bounds(total, page, size)
    return Ranked([row.id for row in rows], total, place, is_many, older)


@cache
def _how_common(*, is_of_kind: bool) -> Select[int, int]:
    """How many of the newest documents match, and the newest id."""
    newest = _newest_documents()
    does_match = _matches(newest, is_of_kind=is_of_kind)
    return select(func.count().filter(*does_match), func.max(newest.c.id))


@cache
def _among_newest(*, is_of_kind: bool) -> Select[*tuple[Any, ...]]:
    """The newest matches, by a walk back through the documents that ends when they are found; and
    what is WRITTEN by such a walk through each kind of it."""
    documents = _newest_documents()
    found = select(documents.c.id).where(*_matches(documents, is_of_kind=is_of_kind))
    newest = _once(found.order_by(documents.c.id.desc()).limit(bindparam("ranked")), "newest")
    if is_of_kind:
        return _by_rank(newest, None, false())
    written = union_all(*(_written(kind, newest) for kind in bounds.WRITTEN)).subquery("written")
    return _by_rank(newest, written, true())


@cache
def _among_all(*, is_of_kind: bool) -> Select[*tuple[Any, ...]]:
    """All matches, from the index: it is not left to the database to walk back through what may
    have no match for long, as it would for the sake of a limit."""
    documents = SearchDocument.__table__
    every = select(documents.c.id, documents.c.kind)
    every_ = _once(every.where(*_matches(documents, is_of_kind=is_of_kind)), "matching")
    matching = select(func.count()).select_from(every_).scalar_subquery()
    all_, ranked = bindparam("all", type_=Integer()), bindparam("ranked", type_=Integer())
    is_many = matching > all_
    most = case((is_many, ranked), else_=all_)
    newest = _once(select(every_.c.id).order_by(every_.c.id.desc()).limit(most), "newest")
    is_written = every_.c.kind.in_(bounds.WRITTEN)
    older = select(every_.c.id).where(is_written, every_.c.id < _oldest(newest))
    found = _by_rank(newest, None if is_of_kind else older.subquery("written"), is_many)
    return found.add_columns(matching.label("matching"))


def _newest_documents() -> FromClause:
    return (
        select(SearchDocument.id, SearchDocument.kind, SearchDocument.visible_from, _VECTOR)
        .order_by(SearchDocument.id.desc())
        .limit(bindparam("most"))
        .subquery("newest_documents")
    )


def _written(kind: str, newest: CTE) -> Select[int]:
    """The ids of the newest of a kind that match and are older than `newest`. The index of `kind`
    and `ref` has them in the order in which they were written."""
    documents = (
        select(SearchDocument.id, SearchDocument.ref, SearchDocument.visible_from, _VECTOR)
        .where(SearchDocument.kind == kind)
        .order_by(SearchDocument.ref.desc())
        .limit(bindparam("most_written"))
        .subquery(f"newest_{kind}")
    )
    found = select(documents.c.id).where(*_matches(documents, is_of_kind=False))
    found = found.where(documents.c.id < _oldest(newest)).order_by(documents.c.ref.desc())
    return select(found.limit(bindparam("written")).subquery(kind).c.id)


def _oldest(newest: CTE) -> ScalarSelect[int]:
    return select(func.min(newest.c.id)).scalar_subquery()


def _once(found: Select[*tuple[Any, ...]] | CompoundSelect[int], name: str) -> CTE:
    return found.cte(name).prefix_with("MATERIALIZED")


def _matches(documents: FromClause, *, is_of_kind: bool) -> list[ColumnElement[bool]]:
    vector = documents.c.get("search_text", _VECTOR)
    found = [vector.bool_op("@@")(_query()), documents.c.visible_from <= _NOW]
    return [*found, documents.c.kind == _KIND] if is_of_kind else found


def _by_rank(
    newest: CTE, written: FromClause | None, is_many: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """The page that is asked for, or the last; each row says how many are ranked, and how many of
    these are of the older ones that are `written`."""
    ranked = newest
    older: ColumnElement[int] = cast(literal(0), Integer)
    if written is not None:
        some = select(written.c.id).order_by(written.c.id.desc()).limit(bindparam("written"))
        older_ = _once(some, "older")
        ranked = _once(union_all(select(newest.c.id), select(older_.c.id)), "ranked")
        older = select(func.count()).select_from(older_).scalar_subquery()
    total = select(func.count()).select_from(ranked).scalar_subquery()
    last = (total - 1) // bindparam("size") * bindparam("size")
    weighed = cast(_WEIGHTS, ARRAY(REAL)), _VECTOR, _query(), _LONGER_TEXTS_RANK_LOWER
    rank: ColumnElement[float] = func.ts_rank_cd(*weighed, type_=Float)
    if written is not None:
        weighs_more = SearchDocument.kind.in_(bounds.WRITTEN) & is_many
        rank *= case((weighs_more, bounds.WRITTEN_WEIGHT), else_=1.0)
    found = select(SearchDocument.id, total.label("total"), older.label("older"))
    found = found.where(SearchDocument.id.in_(select(ranked.c.id)))
    found = found.order_by(rank.desc(), SearchDocument.id.desc()).limit(bindparam("size"))
    return found.offset(func.greatest(func.least(bindparam("skipped"), last), 0))


def _query() -> ColumnElement[str]:
    return func.websearch_to_tsquery(cast(literal("english"), REGCONFIG), _EXPRESSION)
