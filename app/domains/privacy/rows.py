"""The rows that are somebody's, by the declaration, and what becomes of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Delete, Table, Update, delete, update

from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.terms import Names
from app.infra.db import Base, db


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def erase(names: Names, values: Collection[int] | Collection[str]) -> None:
    """Do to all rows that one of these accounts, addresses, texts or names stands in what is
    declared of them. What shows on pages is raised by whoever calls."""
    for name, declared in DECLARED.items():
        table = table_of(name)
        for column, kind in declared.theirs.items():
            if kind != names or column not in declared.erased:
                continue
            new = declared.erased[column]
            statement: Update | Delete = update(table).values(**new) if new else delete(table)
            db.session.connection().execute(statement.where(table.c[column].in_(values)))
