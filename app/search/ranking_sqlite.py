"""What matches, best first, by SQLite's FTS5 (`search.ranking`)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Float,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    column,
    func,
    select,
    table,
)

from app.engines.thread import page_bounds
from app.infra.db import UtcDateTime, rows_of
from app.search import bounds
from app.search.models import SearchDocument
from app.search.ranked import Ranked

_TEXT = table("search_text", column("rowid"), column("search_text"))
_EACH_ROW = _TEXT.c.rowid + 0
"""For a list that the matches are held against one by one. By `rowid` itself, SQLite would search
anew for each row of the list: 30 ms for 2,000 of them instead of 2.5."""
_EXPRESSION: BindParameter[str] = bindparam("expression", type_=String())
_NOW = bindparam("now", type_=UtcDateTime())


def by_sqlite(values: dict[str, Any], kind: str | None, page: int, size: int) -> Ranked:
    """FTS5 gives the newest first by itself, and stops when asked to. What it cannot leave out is
    to count the rows that have each word, for the weight of the word: 2 ms where two words stand in
    40,000 texts each."""
    values |= {"most": bounds.MOST_RANKED + 1, "but_one": bounds.RANKED_OF_MANY - 1}
    values["written"] = bounds.RANKED_OF_WRITTEN
    matching = rows_of(_counting(kind), values)[0][0]
    is_many = matching > bounds.MOST_RANKED
    older = [row[0] for row in rows_of(_older(), values)] if is_many and kind is None else []
    total = bounds.RANKED_OF_MANY + len(older) if is_many else matching
    place = page_bounds(total, page, size)
    if not total:
        return Ranked((), 0, place, is_many=False)
    values |= {"size": place.limit, "skipped": place.offset}
    if older:
        values |= {"older": json.dumps(older), "oldest": older[-1]}
    asked = _by_bm25(kind, is_many=is_many, has_older=bool(older))
    return Ranked([row[0] for row in rows_of(asked, values)], total, place, is_many, len(older))


@cache
def _counting(kind: str | None) -> Select[int]:
    """Put together once in each process, like all that follow."""
    some = _in_text(kind).limit(bindparam("most"))
    return select(func.count()).select_from(some.subquery())


@cache
def _older() -> Select[int]:
    """What is WRITTEN and older than the newest, the newest first."""
    found = _in_text(None).where(_TEXT.c.rowid < _last(None), _EACH_ROW.in_(_written_ids()))
    return found.order_by(_TEXT.c.rowid.desc()).limit(bindparam("written"))


@cache
def _by_bm25(kind: str | None, *, is_many: bool, has_older: bool) -> Select[int]:
    weights = bounds.TITLE_WEIGHT, bounds.BODY_WEIGHT, bounds.TAGS_WEIGHT
    rank: ColumnElement[float] = func.bm25(column("search_text"), *weights, type_=Float)
    if is_many and kind is None:
        is_written = _EACH_ROW.in_(_written_ids())
        rank *= case((is_written, bounds.WRITTEN_WEIGHT), else_=1.0)
    found = _in_text(kind)
    newest = _TEXT.c.rowid >= _last(kind)
    if has_older:
        older = select(func.json_each(bindparam("older")).table_valued("value").c.value)
        found = found.where(newest | _EACH_ROW.in_(older), _TEXT.c.rowid >= bindparam("oldest"))
    elif is_many:
        found = found.where(newest)
    ranked = found.order_by(rank, _TEXT.c.rowid.desc())  # the smaller, the better
    return ranked.limit(bindparam("size")).offset(bindparam("skipped"))


def _last(kind: str | None) -> ScalarSelect[int]:
    """The oldest of the newest."""
    newest = _in_text(kind).order_by(_TEXT.c.rowid.desc())
    return newest.offset(bindparam("but_one")).limit(1).scalar_subquery()


def _in_text(kind: str | None) -> Select[int]:
    """The conditions on the document are asked of its indexes alone: to read the row itself would
    mean to read past its whole text."""
    later = select(SearchDocument.id).where(SearchDocument.visible_from > _NOW)
    found = select(_TEXT.c.rowid).where(
        _TEXT.c.search_text.bool_op("MATCH")(_EXPRESSION), _TEXT.c.rowid.not_in(later)
    )
    if kind is None:
        return found
    if kind not in bounds.WRITTEN:  # all but the few
        return found.where(_EACH_ROW.not_in(_written_ids()))
    of_kind = select(SearchDocument.id).where(SearchDocument.kind == kind)
    return found.where(_EACH_ROW.in_(of_kind))


def _written_ids() -> Select[int]:
    return select(SearchDocument.id).where(SearchDocument.kind.in_(bounds.WRITTEN))
