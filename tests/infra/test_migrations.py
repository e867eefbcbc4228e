"""Migrations up and down with data in every table, and models that say what migrations made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    func,
    select,
    text,
)

from app.config import PROJECT
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests import factories

MIGRATIONS = PROJECT / "app" / "migrations"


@pytest.fixture
def migrated(app: Flask) -> Iterator[None]:
    """Leave the schema as it was found, whatever the test did to it."""
    yield
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()


def value_for(column: Any) -> Any:
    """Something that this column takes; the tables below are filled in their order of reference."""
    if column.foreign_keys:
        return 1
    if isinstance(column.type, Integer | Float):
        return 1
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, LargeBinary):
        return b"a"
    if isinstance(column.type, JSON):
        return {"a": 1}
    if isinstance(column.type, DateTime) or "DateTime" in type(column.type).__name__:
        return datetime(2026, 3, 3, tzinfo=UTC)
    return "a"


def fill_every_table() -> list[Table]:
    """One row in each table, the nullable references among them left out. Past the session, which
    would raise marks."""
    tables = db.metadata.sorted_tables
    with unit_of_work():
        for table in tables:
            wanted = [column for column in table.columns if not column.nullable]
            db.session.connection().execute(
                table.insert().values({column.name: value_for(column) for column in wanted})
            )
    return tables


def counts(tables: list[Table]) -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in tables
    }


def test_the_models_say_what_the_migrations_made(app: Flask) -> None:
    flask_migrate.check()  # exits where the two differ


@pytest.mark.usefixtures("migrated")
def test_r16_down_to_nothing_and_up_again_with_a_row_in_every_table(app: Flask) -> None:
    tables = fill_every_table()
    assert set(counts(tables).values()) == {1}
    db.session.remove()

    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()

    assert set(counts(tables).values()) == {0}
    fill_every_table()
    assert set(counts(tables).values()) == {1}


def test_r16_upgrading_again_changes_nothing(app: Flask) -> None:
    tables = fill_every_table()
    db.session.remove()

    flask_migrate.upgrade()

    assert set(counts(tables).values()) == {1}


ADD_COLUMN = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    with op.batch_alter_table("article") as batch:
        batch.add_column(sa.Column("subtitle", sa.String(100)))
        batch.alter_column("summary", type_=sa.String(600), existing_nullable=False)
    {then}


def downgrade():
    with op.batch_alter_table("article") as batch:
        batch.alter_column("summary", type_=sa.String(500), existing_nullable=False)
        batch.drop_column("subtitle")
"""


def next_migration(folder: Path, *, then: str = "pass") -> str:
    """A copy of the migrations with one more, which makes the article table anew."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.name[:4] for path in (copy / "versions").glob("[0-9]*.py"))
    (copy / "versions" / "9999_next.py").write_text(ADD_COLUMN.format(head=head, then=then))
    return str(copy)


def test_r16_a_table_made_anew_keeps_the_rows_that_refer_to_it(app: Flask, tmp_path: Path) -> None:
    folder = next_migration(tmp_path)
    comment_id = factories.make_comment("still here", tags=[factories.make_tag()]).id
    db.session.remove()

    flask_migrate.upgrade(directory=folder)
    kept = db.session.execute(text("SELECT id, source FROM comment")).all()
    tags = db.session.execute(text("SELECT count(*) FROM comment_tag")).scalar_one()
    db.session.remove()
    flask_migrate.downgrade(directory=folder)

    assert kept == [(comment_id, "still here")]
    assert tags == 1


def test_r16_a_migration_that_fails_leaves_nothing_half_done(
    app: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = next_migration(tmp_path, then="raise RuntimeError('the disk is full')")
    before = columns_of("article")

    with pytest.raises(SystemExit):
        flask_migrate.upgrade(directory=folder)

    assert "the disk is full" in caplog.text
    assert columns_of("article") == before
    assert "subtitle" not in before
    flask_migrate.check()


def test_foreign_keys_hold_again_after_a_migration(app: Flask) -> None:
    flask_migrate.upgrade()
    factories.make_article()
    author = "DELETE FROM account"

    with pytest.raises(Exception, match=r"(?i)foreign key"), db.engine.begin() as connection:
        connection.execute(text(author))


def columns_of(table: str) -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.execute(text(f'SELECT * FROM "{table}"')).keys())  # noqa: S608
