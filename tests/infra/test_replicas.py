"""Reads from a copy that PostgreSQL keeps: who reads there, and that nobody reads the past."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text, update

from app.domains.comments.states import Status
from app.domains.tags.models import Tag
from app.infra.db import db, reads_from
from app.infra.replicas import Replicas
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import Browser, signed_in
from tests.support.eventually import eventually
from tests.support.postgres import server_url
from tests.support.replica import StreamingReplica, streaming

pytestmark = pytest.mark.one_database("postgresql")

WHERE = "/bench/where"


@pytest.fixture(scope="module")
def copy(run_folder: Path, worker: str) -> Iterator[StreamingReplica]:
    with streaming(run_folder, f"{worker[-4:]}-copy", server_url(run_folder)) as replica:
        yield replica


@pytest.fixture
def site(
    copy: StreamingReplica, database_url: str, make_app: Callable[..., Flask]
) -> Iterator[Flask]:
    """A site with that copy, and a page that says which of the two was read."""
    made = make_app(database_replica_urls=(copy.url_of(database_url),), replica_lag_seconds=60)
    made.add_url_rule(WHERE, "where", _where)
    made.add_url_rule("/bench/write", "write", _write, methods=["POST"])
    made.extensions["may lag"] |= {"where"}
    with made.app_context():
        eventually(made.extensions["replicas"].choose)
        yield made
        copy.let_go()
        db.session.remove()


def _where() -> str:
    return "copy" if db.session.scalar(text("SELECT pg_is_in_recovery()")) else "primary"


def _write() -> str:
    return factories.make_tag().name


def browser(site: Flask) -> Browser:
    found = site.test_client()
    assert isinstance(found, Browser)
    return found


def read_by(visitor: Browser) -> str:
    return visitor.get(WHERE).text


def test_a_stranger_reads_from_the_copy(site: Flask) -> None:
    assert read_by(browser(site)) == "copy"


def test_who_is_signed_in_reads_from_the_primary(site: Flask) -> None:
    visitor = signed_in(site, factories.make_account())

    assert read_by(visitor) == "primary"


def test_a_page_that_nobody_named_is_read_from_the_primary(site: Flask) -> None:
    site.extensions["may lag"] -= {"where"}

    assert read_by(browser(site)) == "primary"


def test_a_browser_that_has_proven_an_address_reads_from_the_primary(site: Flask) -> None:
    visitor = browser(site)
    with visitor.session_transaction() as stored:
        stored["proven"] = [1]

    assert read_by(visitor) == "primary"


def test_a_form_secret_alone_makes_nobody_of_a_stranger(site: Flask) -> None:
    visitor = browser(site)
    visitor.csrf_token()

    assert read_by(visitor) == "copy"


def test_who_has_written_reads_from_the_primary_until_the_copy_has_it(
    site: Flask, copy: StreamingReplica
) -> None:
    writer, stranger = browser(site), browser(site)
    copy.hold_up()

    assert writer.submit("/bench/write").status_code == 200
    before = read_by(writer), read_by(stranger)
    copy.let_go()

    assert before == ("primary", "copy")
    eventually(lambda: read_by(writer) == "copy")


def test_a_position_that_somebody_made_up_leads_to_the_primary(site: Flask) -> None:
    visitor = browser(site)
    visitor.set_cookie("threshold-wrote", "MA.made-up")

    assert read_by(visitor) == "primary"


def test_a_unit_of_work_and_what_follows_it_go_to_the_primary(site: Flask) -> None:
    reads_from.set(db.engines["replica 0"])
    assert _where() == "copy"

    with unit_of_work():
        assert _where() == "primary"
        factories.make_tag()

    assert _where() == "primary"


def test_a_write_outside_of_any_unit_goes_to_the_primary_too(site: Flask) -> None:
    tag = factories.make_tag()
    db.session.commit()
    reads_from.set(db.engines["replica 0"])
    try:
        read = _where()
        tag.name = "Knees"
        db.session.flush()  # a copy would refuse it
        db.session.execute(update(Tag).values(name="Hips"))
    finally:
        reads_from.set(None)
        db.session.rollback()

    assert read == "copy"


def test_what_is_hidden_is_gone_from_a_page_drawn_from_the_copy(
    site: Flask, copy: StreamingReplica
) -> None:
    comment = factories.make_comment("a secret that got out")
    address = f"/questions/{comment.id}-a"
    stranger = browser(site)
    eventually(lambda: stranger.get(address, follow_redirects=True).status_code == 200)

    comment.status = Status.REJECTED
    db.session.commit()

    gone = eventually(lambda: stranger.get(address, follow_redirects=True).status_code == 404)
    assert gone


def test_a_copy_that_lags_is_left_out_and_taken_back(
    copy: StreamingReplica,
    database_url: str,
    make_app: Callable[..., Flask],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "app")
    site = make_app(database_replica_urls=(copy.url_of(database_url),), replica_lag_seconds=1)
    replicas: Replicas = site.extensions["replicas"]
    with site.app_context():
        eventually(replicas.choose)
        copy.hold_up()
        factories.make_tag()
        db.session.commit()

        eventually(lambda: "left out, it is more than 1 seconds behind" in caplog.text)
        assert replicas.choose() is None
        copy.let_go()
        assert eventually(replicas.choose)
        db.session.remove()


def test_r06_a_copy_that_is_stopped_costs_no_reader_a_page_and_is_taken_back(
    site: Flask, copy: StreamingReplica, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = browser(site)
    assert read_by(stranger) == "copy"  # a connection to it waits in the pool
    copy.stop()
    try:
        answers = [stranger.get(WHERE) for _ in range(3)]
        eventually(lambda: "replica 127.0.0.1" in caplog.text and "left out" in caplog.text)
    finally:
        copy.start()

    assert [answer.text for answer in answers] == ["primary"] * 3
    eventually(lambda: read_by(stranger) == "copy")


def test_a_database_that_follows_nobody_is_no_copy(
    database_url: str, make_app: Callable[..., Flask], caplog: pytest.LogCaptureFixture
) -> None:
    site = make_app(database_replica_urls=(database_url,))
    replicas: Replicas = site.extensions["replicas"]
    with site.app_context():
        assert replicas.choose() is None

        eventually(lambda: "is not a copy that follows a primary" in caplog.text)
        assert replicas.choose() is None
