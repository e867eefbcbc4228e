"""`/readyz` says which thing is missing, and nothing that helps anybody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.infra import fitness, schema
from app.infra.db import db
from tests.support.settings import change_settings


def test_a_program_with_all_it_needs_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json or {}
    assert told.pop("version")
    assert told == {
        "status": "ready",
        **dict.fromkeys(("database", "schema", "disk", "folder"), "well"),
    }


def version_is(number: str | None) -> None:
    db.session.execute(text("DELETE FROM alembic_version"))
    if number:
        db.session.execute(text("INSERT INTO alembic_version VALUES (:n)"), {"n": number})
    db.session.commit()


@pytest.mark.parametrize(
    ("version", "status", "told"),
    [
        ("0001", 503, "is older than the program"),
        (None, 503, "has no tables yet"),
        ("9999", 200, "well"),
    ],
)
def test_r16_an_older_schema_is_not_ready_and_the_next_ones_is(
    client: FlaskClient, version: str | None, status: int, told: str
) -> None:
    """While a new release is rolled out, the one before it serves on the new tables."""
    version_is(version)
    try:
        answer = client.get("/readyz")
    finally:
        version_is(schema.wanted())

    assert answer.status_code == status
    assert (answer.json or {})["schema"] == told


@pytest.mark.one_database
def test_r05_a_disk_with_too_little_room_is_named(app: Flask, client: FlaskClient) -> None:
    change_settings(app, disk_least_mb=10**12)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert (answer.json or {})["disk"] == "is nearly full"


@pytest.mark.one_database
def test_a_folder_that_takes_no_file_is_named_and_its_path_is_not(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    change_settings(app, instance_folder=tmp_path / "gone")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    told = answer.json or {}
    assert told["folder"] == "takes no file"
    assert str(tmp_path) not in answer.text


@pytest.mark.one_database
def test_a_database_that_is_away_is_named_without_its_address(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app(database_url="postgresql://me:hunter2@127.0.0.1:1/site")

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert (answer.json or {})["database"] == "does not answer"
    assert "hunter2" not in answer.text
    assert "127.0.0.1" not in answer.text


def test_its_sentences_are_made_of_what_is_wrong(app: Flask) -> None:
    found = fitness.problems(app.extensions["settings"])

    assert set(found) == {"database", "schema", "disk", "folder"}
    assert not any(found.values())
