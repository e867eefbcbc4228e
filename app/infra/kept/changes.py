"""What part of an article's page the last changes showed on, told beside its mark's version.

So that a process that has the page as it was some changes ago draws those parts anew and nothing
else. The mark's row says it as ` 41:7 42:7+9`: version 41 changed something in thread 7, version 42
in two. It is added in the statement that raises the version, so whoever sees a version sees what it
changed. Whoever reads it believes it only where every version in question is told: what was cut off
at the front, and what a program of another release raised without telling, leaves a hole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from sqlalchemy import ColumnElement, FromClause, Select, String, bindparam, cast, func, select

from app.infra.db import rows_of
from app.infra.kept.models import CHANGES_LENGTH, PageMark

MOST_PARTS = 20
"""Told of one change; what shows in more threads than that is of the whole page."""
_PART, _AND = "#", "+"


def of_part(mark: str, part: int) -> str:
    """This mark, raised for one part of its page."""
    return f"{mark}{_PART}{part}"


def by_mark(raised: Iterable[str]) -> dict[str, str | None]:
    """For each raised mark what is told of this change, None for one of the whole page."""
    parts: dict[str, set[str]] = {}
    for one in raised:
        mark, _, part = one.partition(_PART)
        parts.setdefault(mark, set()).add(part)
    return {mark: _told(own) for mark, own in parts.items()}


def _told(parts: Collection[str]) -> str | None:
    is_known = "" not in parts and len(parts) <= MOST_PARTS
    return ":" + _AND.join(sorted(parts, key=int)) if is_known else None


def added(table: FromClause, told: ColumnElement[str], *, postgres: bool) -> ColumnElement[str]:
    """What a row tells once this change is added to it: the end of it, as much as there is room
    for, and nothing at all where the change tells nothing."""
    version = cast(table.c.version + 1, String)
    all_told = func.coalesce(table.c.changes, "").concat(" ").concat(version).concat(told)
    return (
        func.right(all_told, CHANGES_LENGTH) if postgres else func.substr(all_told, -CHANGES_LENGTH)
    )


def changed_since(mark: str, version: int, least: int) -> frozenset[int] | None:
    """The parts of this mark's page that changed after `version`; None where that is not known, so
    that all may have. The database must have come to the version `least`. One query."""
    rows = rows_of(_asked(), {"mark": mark})
    stands, told = rows[0] if rows else (0, None)
    if stands < max(version, least):
        return None
    if stands == version:
        return frozenset()
    parts: set[int] = set()
    for expected, one in zip(range(stands, version, -1), _last(told or ""), strict=False):
        number, _, own = one.partition(":")
        if number != str(expected):
            return None
        parts.update(map(int, own.split(_AND)))
        if expected == version + 1:
            return frozenset(parts)
    return None


def _last(told: str) -> Iterable[str]:
    """The changes, last first. What stands before the first space was cut off somewhere, or is the
    very first change of all."""
    return reversed(told.split(" ")[1:])


@cache
def _asked() -> Select[int, str | None]:
    return select(PageMark.version, PageMark.changes).where(PageMark.name == bindparam("mark"))
