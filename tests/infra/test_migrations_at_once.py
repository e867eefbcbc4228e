"""Two upgrades of one database at the same time, one of which makes an index beside a site that
serves, and has left its transaction for that."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from app.config import PROJECT
from app.infra import schema
from app.infra.db import db
from tests.support.eventually import eventually

pytestmark = pytest.mark.one_database("postgresql")

BEFORE_THE_INDEX = "0013"


@pytest.fixture
def older(app: Flask) -> Iterator[None]:
    """A database from before the index, brought up to date at the end whatever was done to it."""
    db.session.remove()
    flask_migrate.downgrade(revision=BEFORE_THE_INDEX)
    yield
    db.session.remove()
    flask_migrate.upgrade()


def upgrade(database_url: str, folder: Path, said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
            cwd=PROJECT,
            env={
                **os.environ,
                "THRESHOLD_MODE": "demo",
                "DATABASE_URL": database_url,
                "INSTANCE_FOLDER": str(folder),
            },
            stdout=out,
            stderr=subprocess.STDOUT,
        )


def running(words: str) -> int:
    """How many others sent a statement like this last."""
    with db.engine.connect() as connection:
        return int(
            connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                    "AND pid <> pg_backend_pid() AND query LIKE :words"
                ),
                {"words": f"{words}%"},
            ).scalar_one()
        )


def index_is_valid() -> bool:
    with db.engine.connect() as connection:
        asked = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_comment_roots'::regclass"
        return bool(connection.execute(text(asked)).scalar_one())


@pytest.mark.usefixtures("older")
def test_r16_of_two_upgrades_the_second_waits_until_the_first_has_made_its_index(
    database_url: str, tmp_path: Path
) -> None:
    # A reader who began before the index keeps the first upgrade at it.
    with psycopg.connect(database_url) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT count(*) FROM comment")
        first = upgrade(database_url, tmp_path, tmp_path / "first")
        eventually(lambda: running("CREATE INDEX CONCURRENTLY") == 1)
        second = upgrade(database_url, tmp_path, tmp_path / "second")
        eventually(lambda: "another migration is running" in (tmp_path / "second").read_text())
        assert schema.found() == BEFORE_THE_INDEX
        assert first.poll() is second.poll() is None
    assert [first.wait(60), second.wait(60)] == [0, 0], (tmp_path / "second").read_text()
    assert schema.found() == schema.wanted()
    assert index_is_valid()


@pytest.mark.usefixtures("older")
def test_an_index_whose_making_was_broken_off_is_made_anew(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("CREATE INDEX ix_comment_roots ON comment (article_id)"))
        connection.execute(
            text(
                "UPDATE pg_index SET indisvalid = false "
                "WHERE indexrelid = 'ix_comment_roots'::regclass"
            )
        )
    flask_migrate.upgrade()
    assert index_is_valid()
    flask_migrate.check()
