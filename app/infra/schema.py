"""Which version of the tables the program wants, which one the database has, and whether the two
go together.

A site is brought up to date while it serves: the schema grows (expand), the programs change one by
one, jobs move what has to move, and a later release takes away what nobody reads any more
(contract). So a program serves on a schema that is newer than itself, unless a migration names it:

    breaks_before = "0012"  # programs that do not know this migration cannot read the schema

What the newest such migration said stands in the database, where an older program can read it
(`infra.migrating` writes it).
"""

from __future__ import annotations

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.config import PROJECT
from app.infra.db import Model, db

FOLDER = PROJECT / "app" / "migrations"


class SchemaFloor(Model):
    """The one row, where there is one: programs that do not know this migration are refused."""

    __tablename__ = "schema_floor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[str] = mapped_column(String(32))


@cache
def wanted() -> str:
    """The newest version that this program knows."""
    return str(_versions()[0])


@cache
def known() -> frozenset[str]:
    """Every version that this program knows. One that it does not know is newer."""
    return frozenset(_versions())


def found() -> str | None:
    """The version that the database has; None before the first migration."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def floor_above() -> str | None:
    """On a schema that is newer than the program: the version that a program must know to read it,
    where this one does not; None where it may serve."""
    with db.engine.connect() as connection:
        floor = connection.scalar(select(SchemaFloor.revision))
    return floor if floor is not None and floor not in known() else None


def _versions() -> list[str]:
    return [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]
