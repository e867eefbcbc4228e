"""Reads from a copy that PostgreSQL keeps: who reads there, and that nobody reads the past."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

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


def test_a_browser_with_any_session_reads_from_the_primary(site: Flask) -> None:
    visitor = browser(site)
    visitor.csrf_token()

    assert read_by(visitor) == "primary"


def test_who_has_written_reads_from_the_primary_until_the_copy_has_it(
    site: Flask, copy: StreamingReplica
) -> None:
    writer, stranger = browser(site), browser(site)
    copy.hold_up()

    assert writer.submit("/bench/write").status_code == 200
    writer.delete_cookie("threshold")  # as somebody who signs out with their last word
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


@pytest.mark.parametrize("address", ["/articles/how-to-sit", "/questions/1"])
def test_v06_a_kept_page_is_drawn_from_no_copy_that_still_shows_what_was_hidden(
    site: Flask, copy: StreamingReplica, address: str
) -> None:
    article = factories.make_article("How to sit")
    comment = factories.make_comment("A secret got out here", article=article)
    assert comment.id == 1
    stranger = browser(site)
    shown = stranger.get(address, follow_redirects=True).text
    copy.hold_up()

    comment.status = Status.REJECTED
    db.session.commit()
    hidden = [stranger.get(address, follow_redirects=True).text for _ in range(2)]
    copy.let_go()
    later = stranger.get(address, follow_redirects=True).text

    assert "A secret got out" in shown
    assert not any("A secret got out" in text for text in (*hidden, later))


def test_a_kept_page_is_drawn_from_a_copy_that_has_its_marks(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = factories.make_article("How to sit")
    factories.make_comment("Does sitting hurt?", article=article)
    db.session.commit()
    drawn: list[str] = []
    view = site.view_functions["articles.show"]

    @functools.wraps(view)
    def noting(**parts: Any) -> Any:
        drawn.append(_where())
        return view(**parts)

    monkeypatch.setitem(site.view_functions, "articles.show", noting)

    def is_drawn_from_the_copy() -> bool:
        site.extensions["front"].forget()
        assert "Does sitting hurt?" in browser(site).get("/articles/how-to-sit").text
        return drawn[-1] == "copy"

    assert eventually(is_drawn_from_the_copy)


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
        try:
            factories.make_tag()
            db.session.commit()
            behind = "left out, it is more than 1 seconds behind"
            eventually(lambda: behind in caplog.text and replicas.choose() is None)
        finally:
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
