"""The versions of marks as this request's own transaction sees them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, bindparam, select

from app.infra.db import db
from app.infra.kept.models import PageMark

_VERSIONS = select(PageMark.name, PageMark.version).where(
    PageMark.name.in_(bindparam("names", expanding=True))
)


def versions(names: Sequence[str]) -> dict[str, int]:
    """The version of each of these marks, 0 for one that was never raised."""
    found = dict.fromkeys(names, 0)
    found.update({row[0]: row[1] for row in db.session.execute(_VERSIONS, {"names": list(names)})})
    return found


def versions_of(names: Iterable[str]) -> Select[str, int]:
    """The same as a statement, for a connection of one's own."""
    return select(PageMark.name, PageMark.version).where(PageMark.name.in_(names))
