"""Pages of a long list that begin at a row instead of a number: a deep one costs what the first
does, and whoever walks on while others write and delete sees each row that stays exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Float, Row, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.infra.db import UtcDateTime, rows_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TIME_DIGITS, NUMBER_DIGITS = 17, 9
"""What Python takes for a time in microseconds, and both databases for a number."""

Key = InstrumentedAttribute[Any]
Columns = TypeVar("Columns")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The page that an address asks for: behind one place, or before another; else the first."""

    after: str = ""
    before: str = ""


FIRST = Wanted()


@dataclass(frozen=True, slots=True)
class Ways:
    """From page to page: the places that the page before this one ends `before`, and that the next
    begins `after`; None where there is none."""

    before: str | None = None
    after: str | None = None

    @property
    def is_first(self) -> bool:
        return self.before is None


def page_of(
    statement: Select[*tuple[Any, ...]],
    keys: Sequence[Key],
    wanted: Wanted,
    *,
    size: int,
    newest_first: bool = True,
) -> tuple[Sequence[Row[*tuple[Any, ...]]], Ways]:
    """The rows of a page, in the order of `keys`, which the statement selects under their names and
    of which the last is unique. A place that makes no sense, and one from which nothing is left, is
    the beginning. One query; two where the beginning is reached backwards."""
    before = read_place(wanted.before, keys)
    if before is not None:
        found = _run(statement, keys, before, size + 1, falling=not newest_first)
        if len(found) > size:
            rows = found[:size][::-1]
            return rows, Ways(_place(rows[0], keys), _place(rows[-1], keys))
    after = None if before is not None else read_place(wanted.after, keys)
    found = _run(statement, keys, after, size + 1, falling=newest_first)
    if after is not None and not found:
        return page_of(statement, keys, FIRST, size=size, newest_first=newest_first)
    rows, more = found[:size], len(found) > size
    return rows, Ways(
        _place(rows[0], keys) if after is not None else None,
        _place(rows[-1], keys) if more else None,
    )


def _run(
    statement: Select[*tuple[Any, ...]],
    keys: Sequence[Key],
    place: tuple[Any, ...] | None,
    limit: int,
    *,
    falling: bool,
) -> Sequence[Row[*tuple[Any, ...]]]:
    order: list[ColumnElement[Any]] = [key.desc() if falling else key.asc() for key in keys]
    if place is not None:
        here, there = tuple_(*keys), tuple_(*place)
        statement = statement.where(here < there if falling else here > there)
    return rows_of(statement.order_by(*order).limit(limit))


def _place(row: Row[*tuple[Any, ...]], keys: Sequence[Key]) -> str:
    return write_place([getattr(row, key.key) for key in keys])


def write_place(values: Sequence[Any]) -> str:
    """The values of a row's keys as an address says them."""
    return "_".join(map(_written, values))


def read_place(written: str, keys: Sequence[Key]) -> tuple[Any, ...] | None:
    """The values that an address says; None where they are none of these keys'."""
    values = written.split("_")
    if len(values) != len(keys):
        return None
    read = tuple(_read(value, key) for value, key in zip(values, keys, strict=True))
    return None if None in read else read


def _written(value: Any) -> str:
    return str((value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value)


def _read(value: str, key: Key) -> Any:
    if isinstance(key.type, Float):
        return _share(value)
    is_time = isinstance(key.type, UtcDateTime)
    most = TIME_DIGITS if is_time else NUMBER_DIGITS
    if not (value.isascii() and value.isdigit() and len(value) <= most):
        return None
    return EPOCH + int(value) * MICROSECOND if is_time else int(value)


def _share(value: str) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if 0 <= found <= 1 else None
