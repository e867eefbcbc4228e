"""Which version of the tables the program wants, and which one the database has."""

from __future__ import annotations

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.config import PROJECT
from app.infra.db import db

FOLDER = PROJECT / "app" / "migrations"


@cache
def wanted() -> str:
    """The newest version that this program knows."""
    return str(_versions()[0])


@cache
def known() -> frozenset[str]:
    """Every version that this program knows. One that it does not know is newer: the next
    release's migration ran while this one still serves, which each release must stand."""
    return frozenset(_versions())


def found() -> str | None:
    """The version that the database has; None before the first migration."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _versions() -> list[str]:
    return [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]
