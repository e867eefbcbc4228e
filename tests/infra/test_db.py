"""Times, tokens and the audit record, as the database keeps them."""

from __future__ import annotations

import os
import stat
import traceback
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from app.infra import audit, tokens
from app.infra.audit import AuditEntry
from app.infra.db import _prepare_sqlite, as_read, db, engine_options
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests.support.queries import count_queries


def test_a_time_comes_back_aware_and_in_utc(app: Flask) -> None:
    noon_in_lima = datetime(2026, 3, 3, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with unit_of_work():
        db.session.add(Job(kind="a", run_at=noon_in_lima))
    db.session.expire_all()

    kept = db.session.scalars(select(Job.run_at)).one()

    assert kept == noon_in_lima
    assert kept.tzinfo is UTC


def test_times_compare_in_the_database_whatever_their_zone(app: Flask) -> None:
    moment = datetime(2026, 3, 3, 12, tzinfo=UTC)
    with unit_of_work():
        db.session.add(Job(kind="a", run_at=moment))
    earlier = (moment - timedelta(minutes=1)).astimezone(timezone(timedelta(hours=9)))

    assert db.session.scalars(select(Job.kind).where(Job.run_at > earlier)).all() == ["a"]


def test_a_time_without_a_zone_is_a_fault(app: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"), unit_of_work():
        db.session.add(Job(kind="a", run_at=datetime(2026, 3, 3)))  # noqa: DTZ001


def test_no_fault_of_the_database_tells_what_somebody_wrote(app: Flask) -> None:
    """It comes into the log, and beside a job that failed."""
    values = {"kind": "a", "unique_key": "zebedee@quill.example"}
    with unit_of_work():
        db.session.add(Job(**values))
    with pytest.raises(IntegrityError) as refused, unit_of_work():
        db.session.execute(sa.insert(Job).values(**values))
    told = "".join(traceback.format_exception(refused.value))
    assert "unique_key" in told
    assert "zebedee" not in told


def test_d12_an_act_is_written_with_who_what_and_from_where_to_where(app: Flask) -> None:
    with unit_of_work():
        audit.write(
            "reject", "comment", 7, by=None, actor_name="Mo", from_state="pending",
            to_state="rejected", reason="off topic", detail={"was": "text"},
        )  # fmt: skip

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.subject, entry.subject_id) == ("reject", "comment", 7)
    assert (entry.from_state, entry.to_state) == ("pending", "rejected")
    assert (entry.actor_name, entry.reason) == ("Mo", "off topic")
    assert entry.detail == {"was": "text"}


def test_d12_an_act_that_failed_is_not_in_the_record(app: Flask) -> None:
    with pytest.raises(KeyError), unit_of_work():
        audit.write("reject", "comment", 7, by=None)
        raise KeyError

    assert db.session.scalars(select(AuditEntry)).all() == []


@pytest.mark.one_database
def test_a_private_key_opens_one_thing_of_one_purpose(app: Flask) -> None:
    key = tokens.private_key("status", 7, "nonce")

    assert tokens.same(key, tokens.private_key("status", 7, "nonce"))
    others = [
        tokens.private_key("status", 8, "nonce"),
        tokens.private_key("status", 7, "other"),
        tokens.private_key("prove", 7, "nonce"),
        tokens.private_key("status", "7nonce"),
        tokens.private_key("status7", "nonce"),
    ]
    assert not any(tokens.same(key, other) for other in others)
    assert len(key) == 40


@pytest.mark.one_database
def test_a_private_key_depends_on_the_sites_secret(app: Flask) -> None:
    key = tokens.private_key("status", 7)

    app.secret_key = "another secret altogether"

    assert not tokens.same(key, tokens.private_key("status", 7))


@pytest.mark.one_database
@pytest.mark.parametrize("given", ["", "é", "\ud800", "a" * 10_000])
def test_p11_no_given_key_is_a_fault(app: Flask, given: str) -> None:
    assert not tokens.same(given, tokens.private_key("status", 7))


def test_a11_secrets_are_long_unlike_each_other_and_stored_as_fingerprints() -> None:
    first, second = tokens.new_secret(), tokens.new_secret()

    assert first != second
    assert len(first) >= 43  # 256 bits in base64
    assert len(tokens.fingerprint(first)) == 64
    assert first not in tokens.fingerprint(first)


def test_a_new_sqlite_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'new.db'}", **engine_options("sqlite://"))
    _prepare_sqlite(engine)
    before = os.umask(0o022)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE kept (id INTEGER)")
    finally:
        os.umask(before)

    engine.dispose()
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def test_a_sqlite_file_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    path.chmod(0o640)
    engine = sa.create_engine(f"sqlite:///{path}", **engine_options("sqlite://"))
    _prepare_sqlite(engine)

    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (id INTEGER)")

    engine.dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_row_read_past_the_session_is_its_object_with_the_rest_read_when_asked(
    app: Flask,
) -> None:
    with unit_of_work():
        db.session.add(Job(id=1, kind="a", payload={"number": 1}))
    db.session.expunge_all()

    made = as_read(Job, {"id": 1, "kind": "a"})

    assert db.session.get(Job, 1) is made
    with count_queries() as counted:
        assert made.kind == "a"
        assert counted.total == 0
        assert made.payload == {"number": 1}
        assert counted.total == 1
    assert not db.session.dirty


def test_what_is_read_past_the_session_fills_only_what_it_was_to_read_again(app: Flask) -> None:
    with unit_of_work():
        db.session.add(Job(id=1, kind="a", request_id="one"))
    with unit_of_work():
        job = db.session.get_one(Job, 1)
        job.kind = "changed here"

        assert as_read(Job, {"id": 1, "kind": "a"}) is job
        assert job.kind == "changed here"
    db.session.expire_all()

    with count_queries() as counted:
        assert as_read(Job, {"id": 1, "kind": "changed here"}).kind == "changed here"

    assert counted.total == 0
