"""`/healthz` tells a machine how the program is."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from app.config import PROJECT
from app.infra import clock, jobs
from app.infra.db import db

SECRET = "password=hunter2"


def test_a_program_that_is_well_says_so(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert answer.json["status"] == "well"
    assert answer.json["jobs"] == {"waiting": 0, "oldest_waiting_seconds": 0, "failed": 0}
    assert (
        answer.json["version"]
        == tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    )


def test_r09_late_and_failed_work_is_told(client: FlaskClient, clock: Any) -> None:
    late = jobs.enqueue("mail", {}, after=timedelta(minutes=-10))
    failed = jobs.enqueue("mail", {})
    assert late is not None
    assert failed is not None
    failed.failed_at = failed.run_at
    db.session.commit()
    answer = client.get("/healthz")
    assert answer.json is not None
    assert answer.json["jobs"] == {"waiting": 1, "oldest_waiting_seconds": 600, "failed": 1}


def test_work_for_later_is_not_late(client: FlaskClient) -> None:
    jobs.enqueue("mail", {}, after=timedelta(hours=1))
    answer = client.get("/healthz")
    assert answer.json is not None
    assert answer.json["jobs"]["oldest_waiting_seconds"] == 0


@pytest.mark.one_database
def test_a_database_that_is_away_is_told_without_a_trace(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception(SECRET))

    monkeypatch.setattr(jobs, "waiting", away)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json is not None
    assert answer.json["status"] == "unwell"
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.one_database
def test_the_clock_of_another_machine_makes_no_negative_age(client: FlaskClient) -> None:
    job = jobs.enqueue("mail", {})
    assert job is not None
    job.run_at = clock.now() + timedelta(seconds=3)
    assert (client.get("/healthz").json or {})["jobs"]["oldest_waiting_seconds"] == 0
