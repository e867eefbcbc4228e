"""Many rows of the model's words read or written at once: they travel as one value, because as a
value or a statement each they were half of what a decision cost."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import TypedDict

from sqlalchemy import (
    JSON,
    Insert,
    Row,
    Select,
    String,
    any_,
    bindparam,
    cast,
    column,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql

from app.domains.screening.models import SpamTerm
from app.infra.db import Base, adding, db, is_postgresql, rows_of, write_rows

TABLE = Base.metadata.tables[SpamTerm.__tablename__]
_COLUMNS = (TABLE.c.term, TABLE.c.good, TABLE.c.spam, TABLE.c.weight, TABLE.c.slopes)


class Change(TypedDict):
    """What one word's row gets: `good` and `spam` are added, the others put."""

    term: str
    good: int
    spam: int
    weight: float
    slopes: float


def rows(names: Collection[str]) -> Sequence[Row[str, int, int, float, float]]:
    """What is kept of these words. One query."""
    given = list(names) if is_postgresql() else json.dumps(list(names))
    return rows_of(_reading(postgres=is_postgresql()), {"names": given})


def add(changes: Sequence[Change]) -> None:
    """Write these changes, each word's once."""
    if changes:
        statement = _adding(postgres=is_postgresql())
        write_rows(statement, {"changes": json.dumps(changes)})


def forget(names: Sequence[str]) -> None:
    """Drop the rows of these words."""
    if names:
        db.session.execute(delete(TABLE).where(TABLE.c.term.in_(names)))


@cache
def _reading(*, postgres: bool) -> Select[str, int, int, float, float]:
    if postgres:
        names = bindparam("names", type_=postgresql.ARRAY(String))
        return select(*_COLUMNS).where(TABLE.c.term == any_(names))
    names = bindparam("names", type_=String)
    sent = func.json_each(names).table_valued("value")
    return select(*_COLUMNS).where(TABLE.c.term.in_(select(sent.c.value)))


@cache
def _adding(*, postgres: bool) -> Insert:
    statement = adding(TABLE, postgres=postgres).from_select(
        [one.name for one in _COLUMNS], _sent(postgres=postgres)
    )
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[TABLE.c.term],
        set_={
            "good": TABLE.c.good + new.good,
            "spam": TABLE.c.spam + new.spam,
            "weight": new.weight,
            "slopes": new.slopes,
        },
    )


def _sent(*, postgres: bool) -> Select[str, int, int, float, float]:
    """The changes as rows."""
    changes = bindparam("changes", type_=String)
    if postgres:
        named = [column(one.name, one.type) for one in _COLUMNS]
        sent = func.json_to_recordset(cast(changes, JSON)).table_valued(*named)
        return select(sent.render_derived(with_types=True))
    each = func.json_each(changes).table_valued("value")
    fields = (func.json_extract(each.c.value, f"$.{one.name}") for one in _COLUMNS)
    # SQLite would read ON CONFLICT as a join's ON without a WHERE before it.
    return select(*fields).select_from(each).where(text("true"))
