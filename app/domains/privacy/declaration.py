"""The parts of the declaration as one, and what can be told of all of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domains.privacy.declared import desk, mail, people, site, texts
from app.domains.privacy.matters import MATTERS
from app.domains.privacy.terms import HEADINGS, Matter, Part, Table
from app.infra import periods
from app.infra.language import _

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


def told() -> Iterator[tuple[str, list[Told]]]:
    """All matters with the periods that hold here, below the headings of the page; in the language
    that is spoken."""
    for part in Part:
        yield HEADINGS[part], [_told(key, one) for key, one in MATTERS.items() if one.part == part]


def _told(key: str, matter: Matter) -> Told:
    values = {"days": periods.days(matter.period)} if matter.period else {}
    tables = sorted(name for name, table in DECLARED.items() if table.matter == key)
    return Told(_(matter.what, **values), _(matter.why), _(matter.until, **values), tables)
