"""Migrations while the service serves: who may still serve afterwards, and who waits for whom."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import Connection, select, text

from app.config import PROJECT
from app.infra import fitness, migrating
from app.infra.db import begin_mode, db
from app.infra.schema import SchemaFloor
from tests import factories
from tests.support.client import Browser, signed_in

MIGRATIONS = PROJECT / "app" / "migrations"
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{head}"
{marker}


def upgrade():
    op.add_column("article", sa.Column("subtitle", sa.String(100)))
    op.add_column("comment", sa.Column("mood", sa.Integer(), server_default="0", nullable=False))
    op.create_table("mood", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("mood")
    with op.batch_alter_table("comment") as batch:
        batch.drop_column("mood")
    with op.batch_alter_table("article") as batch:
        batch.drop_column("subtitle")
"""

Upgrade = Callable[[str], None]


@pytest.fixture
def upgrade(app: Flask, tmp_path: Path) -> Iterator[Upgrade]:
    """Let the next release's migration run on the database, with this marker in it."""
    folder = tmp_path / "migrations"

    def run(marker: str = "") -> None:
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        head = max(path.name[:4] for path in (folder / "versions").glob("[0-9]*.py"))
        (folder / "versions" / "9999_next.py").write_text(NEXT.format(head=head, marker=marker))
        db.session.remove()
        flask_migrate.upgrade(directory=str(folder))

    run.folder = str(folder)  # type: ignore[attr-defined]
    yield run
    db.session.remove()
    with db.engine.connect() as connection:
        is_upgraded = version(connection) == "9999"
    if is_upgraded:
        flask_migrate.downgrade(directory=str(folder))


def version(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def told(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


def test_r16_todays_program_serves_on_the_schema_of_the_next_release(
    app: Flask, client: Browser, upgrade: Upgrade
) -> None:
    article = factories.make_article("How to sit")
    question = factories.make_comment("Does sitting hurt?", article=article)
    address, question_id = f"/articles/{article.slug}", question.id
    member, moderator = factories.make_account(), factories.make_account("moderator")
    desk, writer = signed_in(app, moderator), signed_in(app, member)

    upgrade()

    assert told(app, "fits")[0] == 0
    assert fitness.schema_problem() is None
    assert "Does sitting hurt?" in client.get(address).text
    asked = writer.submit(f"{address}/ask", body="And does standing hurt as well?")
    assert asked.status_code == 303
    assert desk.get("/moderation/").status_code == 200
    assert client.get(f"/questions/{question_id}", follow_redirects=True).status_code == 200
    assert told(app, "worker", "--once")[0] == 0


def test_r16_an_older_program_is_refused_in_one_line_once_the_schema_lost_what_it_reads(
    app: Flask, upgrade: Upgrade
) -> None:
    upgrade('breaks_before = "9999"')

    code, output = told(app, "worker", "--once")

    assert code == 1
    assert output.startswith("Error: The database is at version 9999, which programs older than")
    assert output.count("\n") == 1
    assert fitness.schema_problem() == "is too new for the program"


def test_r16_a_program_that_knows_what_broke_others_is_not_refused(
    app: Flask, upgrade: Upgrade
) -> None:
    upgrade('breaks_before = "0006"')

    assert told(app, "fits")[0] == 0


def test_a_downgrade_lets_the_older_programs_in_again(app: Flask, upgrade: Upgrade) -> None:
    upgrade('breaks_before = "9999"')
    flask_migrate.downgrade(directory=upgrade.folder)  # type: ignore[attr-defined]

    assert told(app, "fits")[0] == 0
    assert db.session.scalar(select(SchemaFloor.revision)) is None


def test_r16_a_program_on_an_older_schema_is_told_how_to_bring_it_up_to_date(app: Flask) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision="0006")
    try:
        code, output = told(app, "fits")
    finally:
        flask_migrate.upgrade()

    assert code == 1
    assert "The database is at version 0006" in output
    assert output.rstrip().endswith("Run: flask --app wsgi db upgrade")


@pytest.mark.one_database("postgresql")
def test_a_table_in_use_is_not_waited_for_with_everybody_behind(
    app: Flask, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.05)
    reader = db.engine.connect()
    reader.execute(text("SELECT count(*) FROM article"))  # an open transaction keeps its lock
    monkeypatch.setattr(migrating, "wait", lambda _seconds: reader.close())

    upgrade("")

    assert "found a table in use and tries again" in caplog.text
    with db.engine.connect() as connection:
        assert version(connection) == "9999"


@pytest.mark.one_database
def test_a_migration_waits_for_whoever_writes_on_sqlite(
    app: Flask, upgrade: Upgrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode = begin_mode.set("IMMEDIATE")
    writer = db.engine.connect()
    writer.execute(text("SELECT 1"))
    begin_mode.reset(mode)
    db.engine.dispose()
    monkeypatch.setattr(migrating, "wait", lambda _seconds: writer.close())
    monkeypatch.setattr("app.infra.db.SQLITE_PRAGMAS", ("foreign_keys=ON", "busy_timeout=1"))

    upgrade("")

    with db.engine.connect() as connection:
        assert version(connection) == "9999"
