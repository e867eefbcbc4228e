"""The words in which it is declared what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from app.infra.language import sentence
from app.infra.periods import Period


class Names(StrEnum):
    """How a column says whose a row is: by the id of an account, of an address, of a text that is
    theirs, or by a name that an account has or had."""

    ACCOUNT = "account"
    ADDRESS = "address"
    TEXT = "text"
    NAME = "name"


class Part(StrEnum):
    """The parts of the public page, in its order."""

    WRITING = "writing"
    ACCOUNT = "account"
    MAIL = "mail"
    READING = "reading"
    RULES = "rules"
    TEAM = "team"


HEADINGS = {
    Part.WRITING: sentence("When you write"),
    Part.ACCOUNT: sentence("When you have an account"),
    Part.MAIL: sentence("When you get mail from us"),
    Part.READING: sentence("When you read"),
    Part.RULES: sentence("When a moderator has to act"),
    Part.TEAM: sentence("When you work here"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing that is kept, as readers are told. `until` may name a period that the site chooses
    as `%(days)s`."""

    part: Part
    what: str
    why: str
    until: str
    period: Period | None = None


Values = Mapping[str, object]
GONE: Values = MappingProxyType({})
"""Of a row that belongs to somebody who is erased: it goes. Otherwise the values that it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Every column of a table stands in exactly one place. `theirs` are those that say whose a row
    is; `given` are in the copy that a person gets; `held` are personal and are not; `plain` are
    about nobody. `matter` is a key of the matters, empty where nothing in the table is personal.

    `erased` says for each column of `theirs` what becomes of such a row. What is not there is done
    by hand, by the step of `erasing` that `by` names, or follows other rows by itself.
    `others` are columns of `theirs` by which a row names a person and tells of somebody else, so
    that it is in nobody's copy for that. `stays` are personal parts that stay in a row whose
    owner is gone, by the column that named them, since they are about something else."""

    matter: str = ""
    theirs: Mapping[str, Names] = field(default_factory=dict)
    given: str = ""
    held: str = ""
    plain: str = ""
    erased: Mapping[str, Values] = field(default_factory=dict)
    by: str = ""
    others: str = ""
    stays: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """All of them, as declared."""
        return [*self.theirs, *self.given.split(), *self.held.split(), *self.plain.split()]

    @property
    def copied_by(self) -> list[str]:
        """The columns by which a row comes into somebody's copy."""
        apart = self.others.split()
        return [
            one for one, names in self.theirs.items() if one not in apart and names != Names.NAME
        ]

    @property
    def is_personal(self) -> bool:
        return bool(self.matter)


def plain(columns: str) -> Table:
    """A table with nothing about anybody."""
    return Table(plain=columns)
