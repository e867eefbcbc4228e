"""The parts of the declaration as one, and what can be told of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domains.privacy.declared import desk, mail, people, site, texts
from app.domains.privacy.matters import MATTERS
from app.domains.privacy.terms import Matter, Part, Table
from app.infra import periods

DECLARED: Mapping[str, Table] = {
    **people.TABLES,
    **texts.TABLES,
    **desk.TABLES,
    **mail.TABLES,
    **site.TABLES,
}
"""By the name of the table."""


@dataclass(frozen=True, slots=True)
class Told:
    """A matter as readers see it: how long in words, and which tables hold it."""

    what: str
    why: str
    until: str
    tables: Sequence[str]


def told() -> Iterator[tuple[Part, list[Told]]]:
    """All matters with the periods that hold here, by the part of the page."""
    for part in Part:
        yield part, [_told(key, one) for key, one in MATTERS.items() if one.part == part]


def _told(key: str, matter: Matter) -> Told:
    until = what = ""
    values = {"days": periods.days(matter.period)} if matter.period else {}
    until, what = matter.until % values, matter.what % values
    tables = sorted(name for name, table in DECLARED.items() if table.matter == key)
    return Told(what, matter.why, until, tables)
