"""What hangs on a tag, found by the foreign keys to it: a table that is added later is among them,
and tags need not know who uses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Delete,
    Insert,
    Table,
    UniqueConstraint,
    Update,
    exists,
    false,
    select,
    tuple_,
)

from app.domains.tags.models import FormerTagSlug, PhraseProposal, Tag, TagSynonym
from app.infra.db import Base, db

OWN = frozenset({TagSynonym.__tablename__, FormerTagSlug.__tablename__})
"""A tag's words and former addresses, which are not moved row by row."""
QUIET = frozenset({PhraseProposal.__tablename__})
"""What nobody asks about before a merge, nor misses after one."""
AT_ONCE = 500
"""Rows named in one statement."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A table in which rows name a tag, in `column`."""

    table: Table
    column: Column[int]

    @property
    def beside(self) -> list[Column[Any]] | None:
        """The other columns of the key in which a tag stands only once; None where it is in
        none."""
        unique = [one for one in self.table.constraints if isinstance(one, UniqueConstraint)]
        for key in (self.table.primary_key, *unique):
            if self.column.name in key.columns:
                return [one for one in key.columns if one.name != self.column.name]
        return None

    @property
    def about(self) -> list[Column[Any]]:
        """What tells the rows of one tag apart: the things that carry it."""
        return list(self.table.primary_key.columns) if self.beside is None else self.beside

    @property
    def flags(self) -> list[Column[bool]]:
        """What a link to a tag says by yes or no. A row that is a thing of its own says nothing of
        the tag by its flags."""
        if self.beside is None:
            return []
        return [one for one in self.table.columns if isinstance(one.type, Boolean)]

    @property
    def kept(self) -> list[Column[Any]]:
        """What a row says, but for the tag and for a number that means nothing outside."""
        numbers = set(self.table.primary_key.columns) - set(self.about)
        return [one for one in self.table.columns if one is not self.column and one not in numbers]

    def has_twin(self, other_id: int) -> ColumnElement[bool]:
        """Whether the same thing carries the other tag too."""
        if self.beside is None:
            return false()
        twin = self.table.alias()
        same = [twin.c[one.name] == one for one in self.beside]
        return exists().where(twin.c[self.column.name] == other_id, *same)

    def keys(self, *where: ColumnElement[bool]) -> list[Any]:
        """What the rows are about, in order: values, or lists of them where it takes several."""
        rows = db.session.execute(
            select(*self.about).select_from(self.table).where(*where).order_by(*self.about)
        )
        return [row[0] if len(self.about) == 1 else list(row) for row in rows]

    def among(self, keys: Sequence[Any]) -> Iterator[ColumnElement[bool]]:
        """Conditions for the rows about these, some in each."""
        for start in range(0, len(keys), AT_ONCE):
            part = keys[start : start + AT_ONCE]
            if len(self.about) == 1:
                yield self.about[0].in_(part)
            else:
                yield tuple_(*self.about).in_([tuple(key) for key in part])

    def those(self, keys: Sequence[Any], *where: ColumnElement[bool]) -> list[Any]:
        """The ones among these that rows of this kind are about."""
        return [key for part in self.among(keys) for key in self.keys(part, *where)]


def all_of_them() -> Iterator[Carrier]:
    """Every table with a column that names a tag, but for what is a tag's own, in the order of
    their names."""
    for name in sorted(set(Base.metadata.tables) - OWN):
        table = Base.metadata.tables[name]
        for column in table.columns:
            if any(key.column is Tag.__table__.c.id for key in column.foreign_keys):
                yield Carrier(table, column)


def run(statement: Update | Delete | Insert) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})
