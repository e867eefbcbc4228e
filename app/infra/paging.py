"""Pages of a long list that begin at a row instead of a number: a deep one costs what the first
does, and whoever walks on while others write and delete sees each row that stays exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import (
    ColumnElement,
    Float,
    Label,
    Row,
    Select,
    String,
    Subquery,
    bindparam,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm.interfaces import ORMOption
from sqlalchemy.types import NullType

from app.infra.db import Model, UtcDateTime, db, rows_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
TIME_DIGITS, NUMBER_DIGITS = 17, 9
"""What Python takes for a time in microseconds, and both databases for a number."""
MOST = 1e12
"""Of a number that is not whole; none of ours comes near it."""
TEXT_LENGTH = 400
"""Characters; more than any title has, also in small letters."""
STATEMENTS = 128
"""Kept put together: each list forwards and backwards, from its beginning and from a place."""
_MOST = "most_of_page"

Key = InstrumentedAttribute[Any] | Label[Any]
"""A column, or an expression under the name by which the statement selects it."""
Place = tuple[Any, ...]
"""The values of a row's keys."""
Thing = TypeVar("Thing", bound=Model)
Telling = Callable[[Subquery], Select[*tuple[Any, ...]]]
Found = TypeVar("Found")
Found_co = TypeVar("Found_co", covariant=True)


class Reading(Protocol[Found_co]):
    def __call__(self, place: Place | None, limit: int, *, falling: bool) -> Sequence[Found_co]: ...


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
    values: Mapping[str, Any] | None = None,
    telling: Telling | None = None,
) -> tuple[Sequence[Row[*tuple[Any, ...]]], Ways]:
    """The rows of a page, in the order of `keys`, which the statement selects under their names and
    of which the last is unique; a text can only be the first of them. A place that makes no sense,
    and one from which nothing is left, is the beginning. One query; two where the beginning is
    reached backwards.

    `values` are those of the statement's parameters, where it is one that is put together once in
    each process: what a page adds to it is then put together once too.

    `telling` makes of the statement's rows those that are wanted, the keys among their columns. It
    is given a page of them, and both databases see that these are few: what is dear to tell is
    then found for them alone."""
    put_together = _page.__wrapped__ if values is None else _page

    def read(place: Place | None, limit: int, *, falling: bool) -> Sequence[Row[*tuple[Any, ...]]]:
        asked = put_together(
            statement, tuple(keys), telling, is_beginning=place is None, falling=falling
        )
        return rows_of(asked, {**(values or {}), **_values_of(place or ()), _MOST: limit})

    return page_by(read, keys, wanted, size=size, newest_first=newest_first)


def page_by(
    read: Reading[Found],
    keys: Sequence[Key],
    wanted: Wanted,
    *,
    size: int,
    newest_first: bool = True,
) -> tuple[Sequence[Found], Ways]:
    """The same of whatever `read` finds: at most `limit` things that have the keys' names, behind a
    place or from the beginning, in the keys' order or the other way round."""
    before = read_place(wanted.before, keys)
    if before is not None:
        found = read(before, size + 1, falling=not newest_first)
        if len(found) > size:
            rows = found[:size][::-1]
            return rows, Ways(_place(rows[0], keys), _place(rows[-1], keys))
    after = None if before is not None else read_place(wanted.after, keys)
    found = read(after, size + 1, falling=newest_first)
    if after is not None and not found:
        return page_by(read, keys, FIRST, size=size, newest_first=newest_first)
    rows, more = found[:size], len(found) > size
    return rows, Ways(
        _place(rows[0], keys) if after is not None else None,
        _place(rows[-1], keys) if more else None,
    )


@lru_cache(maxsize=STATEMENTS)
def _page(
    statement: Select[*tuple[Any, ...]],
    keys: tuple[Key, ...],
    telling: Telling | None,
    *,
    is_beginning: bool,
    falling: bool,
) -> Select[*tuple[Any, ...]]:
    if not is_beginning:
        place = [
            bindparam(name, type_=key.type)
            for name, key in zip(_values_of(keys), keys, strict=True)
        ]
        statement = statement.where(beyond(keys, place, falling=falling))
    page = statement.order_by(*ordered(keys, falling=falling)).limit(bindparam(_MOST))
    if telling is None:
        return page
    few = page.subquery("few")
    places = [few.c[key.key] for key in keys]
    return telling(few).order_by(*[one.desc() if falling else one.asc() for one in places])


def _values_of(place: Sequence[Any]) -> dict[str, Any]:
    """By the names of the parameters."""
    return {f"place_{number}": value for number, value in enumerate(place)}


def ordered(keys: Sequence[Key], *, falling: bool) -> list[ColumnElement[Any]]:
    return [key.desc() if falling else key.asc() for key in keys]


def beyond(keys: Sequence[Key], place: Sequence[Any], *, falling: bool) -> ColumnElement[bool]:
    """What stands behind a place in this order. As one comparison of all keys, since both databases
    then begin at it in an index."""
    here, there = tuple_(*keys), tuple_(*place)
    return here < there if falling else here > there


def in_order(
    model: type[Thing], rows: Sequence[Row[*tuple[Any, ...]]], *options: ORMOption
) -> list[Thing]:
    """The objects with the ids in these rows, as the rows stand. One query, and what the options
    load."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    key = inspect(model).primary_key[0]
    asked = select(key, model).options(*options).where(key.in_(ids))
    found = {row[0]: row[1] for row in db.session.execute(asked)}
    return [found[one] for one in ids if one in found]


def _place(row: Any, keys: Sequence[Key]) -> str:
    return write_place([getattr(row, key.key) for key in keys])


def write_place(values: Sequence[Any]) -> str:
    """The values of a row's keys as an address says them."""
    return "_".join(map(_written, values))


def read_place(written: str, keys: Sequence[Key]) -> Place | None:
    """The values that an address says; None where they are none of these keys'."""
    values = written.rsplit("_", len(keys) - 1)
    if len(values) != len(keys):
        return None
    read = tuple(_read(value, key) for value, key in zip(values, keys, strict=True))
    return None if None in read else read


def _written(value: Any) -> str:
    return str((value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value)


def _read(value: str, key: Key) -> Any:
    if isinstance(key.type, NullType):
        raise TypeError(f"of what type is {key.key}? No place could be read")
    if isinstance(key.type, Float):
        return _real(value)
    if isinstance(key.type, String):
        return value if len(value) <= TEXT_LENGTH and "\0" not in value else None
    is_time = isinstance(key.type, UtcDateTime)
    most = TIME_DIGITS if is_time else NUMBER_DIGITS
    if not (value.isascii() and value.isdigit() and len(value) <= most):
        return None
    return EPOCH + int(value) * MICROSECOND if is_time else int(value)


def _real(value: str) -> float | None:
    try:
        found = float(value)
    except ValueError:
        return None
    return found if 0 <= found <= MOST else None
