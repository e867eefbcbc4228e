"""Each request has a name, a line and its place in the counts; slow statements say so."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask, Response
from prometheus_client import REGISTRY
from sqlalchemy import text

from app.infra import jobs, logs
from app.infra.db import db
from app.infra.http import watching
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

Maker = Callable[..., Flask]
PROXIED = {"X-Request-ID": "from-the-proxy-1"}


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    caplog.set_level(logging.INFO, logger=watching.__name__)
    return lambda: [
        record.facts  # type: ignore[attr-defined]
        for record in caplog.records
        if record.name == watching.__name__
    ]


def counted(**labels: str) -> float:
    return REGISTRY.get_sample_value("threshold_requests_total", labels) or 0.0


def test_every_answer_names_its_request_and_no_two_are_the_same(visitor: Browser) -> None:
    names = {visitor.get(path).headers["X-Request-ID"] for path in ("/bench/read", "/none") * 2}

    assert len(names) == 4
    assert all(len(name) == 16 for name in names)


def test_a_stranger_names_no_request(visitor: Browser) -> None:
    assert visitor.get("/bench/read", headers=PROXIED).headers["X-Request-ID"] != "from-the-proxy-1"


def test_a_configured_proxy_names_it(make_app: Maker) -> None:
    client = make_app(trusted_proxies=(ip_network("127.0.0.0/8"),)).test_client()

    assert client.get("/healthz", headers=PROXIED).headers["X-Request-ID"] == "from-the-proxy-1"


@pytest.mark.parametrize("name", ["short", "a" * 65, "with a space", "é" * 8, "a;b=c,d<e>", ""])
def test_i07_a_name_that_is_none_is_replaced_whoever_brings_it(make_app: Maker, name: str) -> None:
    client = make_app(trusted_proxies=(ip_network("127.0.0.0/8"),)).test_client()

    answer = client.get("/healthz", environ_overrides={"HTTP_X_REQUEST_ID": name})

    assert len(answer.headers["X-Request-ID"]) == 16


def test_a_line_says_the_route_and_the_path_and_no_query(
    visitor: Browser, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    visitor.get("/bench/read?q=what+somebody+searched")

    (told,) = lines()
    assert told.pop("ms") >= 0
    assert told == {
        "method": "GET", "route": "/bench/read", "path": "/bench/read", "status": 200,
    }  # fmt: skip


def test_a_fault_is_counted_under_its_route_and_a_foreign_address_under_none(
    visitor: Browser,
) -> None:
    fault = {"method": "POST", "route": "/bench/act/<ending>", "status": "500"}
    nowhere = {"method": "GET", "route": "none", "status": "404"}
    before = counted(**fault), counted(**nowhere)

    visitor.submit("/bench/act/fault")
    visitor.get("/a/" + "b" * 50)

    assert (counted(**fault), counted(**nowhere)) == (before[0] + 1, before[1] + 1)


def test_a_method_of_somebodys_own_makes_no_label(visitor: Browser) -> None:
    visitor.open("/bench/read", method="PRANK")

    methods = {
        sample.labels["method"]
        for metric in REGISTRY.collect()
        if metric.name == "threshold_requests"
        for sample in metric.samples
    }
    assert "PRANK" not in methods
    assert "other" in methods


def test_a_stream_is_told_when_it_ends(
    own_bench: Flask, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    seen: list[object] = []

    def parts() -> Iterator[bytes]:
        yield b"a"
        seen.append((len(lines()), logs.bound("request_id")))
        yield b"b"

    own_bench.add_url_rule("/bench/stream", "stream", lambda: Response(parts()))
    answer = own_bench.test_client().get("/bench/stream", buffered=True)

    assert answer.data == b"ab"
    assert seen == [(0, answer.headers["X-Request-ID"])]
    assert len(lines()) == 1


def test_a_slow_statement_is_told_without_its_values(
    make_app: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(slow_query_ms=1)
    counting = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)\n"
        "SELECT count(*) FROM n WHERE :name <> 'somebody'"
    )
    with app.app_context():
        db.session.execute(text(counting), {"name": "a private name"})

    (told,) = [record for record in caplog.records if record.message == "slow query"]
    assert told.facts["ms"] >= 1  # type: ignore[attr-defined]
    assert "count(*) FROM n WHERE ? <>" in told.facts["statement"]  # type: ignore[attr-defined]
    assert "a private name" not in str(told.__dict__)


def test_a_job_bears_the_name_of_the_request_that_caused_it(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    logs.bind(request_id="the-cause-1")
    with unit_of_work():
        jobs.enqueue("kind", {})
    logs.unbind()
    seen: list[tuple[Any, Any]] = []

    def work(_job: Job) -> None:
        seen.append((logs.bound("request_id"), logs.bound("job_id")))

    jobs.run_due({"kind": work})

    job = db.session.query(Job).one()
    assert job.request_id == "the-cause-1"
    assert seen == [("the-cause-1", job.id)]
    assert logs.bound("job_id") is None


def test_a_kept_page_is_counted_and_gets_no_line(
    make_app: Maker, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    client = make_app().test_client()
    kept = {"outcome": "hit"}

    def hits() -> float:
        return REGISTRY.get_sample_value("threshold_kept_pages_total", kept) or 0.0

    client.get("/tags/")
    seen, before = len(lines()), hits()
    answer = client.get("/tags/")

    assert answer.headers["X-Request-ID"]
    assert hits() == before + 1
    assert len(lines()) == seen == 1
