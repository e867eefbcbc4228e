"""`/metrics` for who may measure, and no such page for everybody else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from app.config import PROJECT
from app.domains.accounts import services
from app.domains.comments.states import Status
from app.infra import jobs
from app.infra.db import db
from app.infra.http import metrics
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.alone import ALONE
from tests.support.client import Browser
from tests.support.settings import change_settings
from tests.support.smtp import MailServer

TOKEN = "only-prometheus-knows-this"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def measuring(app: Flask, client: Browser) -> Callable[[], dict[str, float]]:
    change_settings(app, metrics_token=TOKEN)

    def measure() -> dict[str, float]:
        answer = client.get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        assert answer.content_type.startswith("text/plain")
        assert answer.headers["Cache-Control"] == "no-store"
        return samples(answer.text)

    return measure


def samples(text: str) -> dict[str, float]:
    """`name{label="value"}` to value, as any reader of the format takes them."""
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.one_database
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer only-prometheus-knows-thi"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": f"Bearer {TOKEN}é"},
    ],
)
def test_without_the_token_there_is_no_such_page(
    app: Flask, client: Browser, headers: dict[str, str]
) -> None:
    change_settings(app, metrics_token=TOKEN)

    assert client.get("/metrics", headers=headers).status_code == 404


@pytest.mark.one_database
def test_a_site_without_a_token_shows_it_to_nobody(client: Browser) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.one_database
def test_s02_a_named_network_may_measure_and_a_forwarded_address_is_no_name(
    app: Flask, client: Browser
) -> None:
    change_settings(app, metrics_networks=(ip_network("192.0.2.0/24"),))
    inside = {"REMOTE_ADDR": "192.0.2.7"}

    assert client.get("/metrics", environ_overrides=inside).status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404


@pytest.mark.one_database
def test_s02_a_proxy_that_nobody_trusts_opens_the_metrics_to_nobody(
    app: Flask, client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    change_settings(app, metrics_networks=(ip_network("192.0.2.0/24"),))
    proxy = {"REMOTE_ADDR": "192.0.2.7"}
    stranger = {"X-Forwarded-For": "203.0.113.9"}

    assert client.get("/metrics", environ_overrides=proxy, headers=stranger).status_code == 404
    assert "TRUSTED_PROXIES does not name it" in caplog.text


@pytest.mark.one_database
def test_s02_who_measures_through_a_trusted_proxy_is_known_by_their_own_address(
    app: Flask, client: Browser
) -> None:
    proxies = (ip_network("198.51.100.1/32"),)
    change_settings(app, metrics_networks=(ip_network("192.0.2.0/24"),), trusted_proxies=proxies)
    proxy = {"REMOTE_ADDR": "198.51.100.1"}

    def through_it(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.get("/metrics", environ_overrides=proxy, headers=headers).status_code

    assert through_it("192.0.2.7") == 200
    assert through_it("203.0.113.9") == 404
    assert through_it("203.0.113.9, 192.0.2.7") == 404


def test_what_waits_is_counted(measuring: Callable[[], dict[str, float]], clock: Any) -> None:
    jobs.enqueue("mail", {}, after=timedelta(minutes=-10))
    factories.make_question(status=Status.PENDING)
    factories.make_question(status=Status.APPROVED)
    db.session.commit()
    clock.shift(60)

    told = measuring()

    assert told["threshold_up"] == 1
    assert told["threshold_jobs_oldest_seconds"] >= 600
    assert told["threshold_jobs_failed"] == 0
    assert told["threshold_texts_waiting"] == 1
    assert told["threshold_texts_oldest_seconds"] >= 60


@pytest.mark.one_database
def test_memory_and_requests_are_told(measuring: Callable[[], dict[str, float]]) -> None:
    measuring()
    told = measuring()

    assert told["threshold_process_resident_bytes"] > 10_000_000
    assert told["threshold_requests_total GET /metrics 200"] >= 1
    assert told["threshold_request_seconds_count /metrics"] >= 1


@pytest.mark.one_database
def test_kept_pages_are_counted_by_whoever_keeps_them(
    measuring: Callable[[], dict[str, float]],
) -> None:
    before = measuring().get("threshold_kept_pages_total hit", 0)

    metrics.kept_pages.labels("hit").inc()

    assert measuring()["threshold_kept_pages_total hit"] == before + 1


@pytest.mark.one_database
def test_r10_mails_are_counted_by_how_they_went(
    measuring: Callable[[], dict[str, float]], mails: MailServer, deliver: Callable[[], int]
) -> None:
    outcomes = ("sent", "again", "refused")

    def counts() -> list[float]:
        told = measuring()
        return [told.get(f"threshold_mails_total {one}", 0) for one in outcomes]

    before = counts()
    mails.answers = ["450 later", "550 no such person"]
    for email in ("a@example.com", "b@example.com", "c@example.com"):
        with unit_of_work():
            services.register(name=email, email=email, password_hash="x")
    deliver()

    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]


@pytest.mark.one_database
def test_a_database_that_is_away_is_a_measure_and_no_fault(
    measuring: Callable[[], dict[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(jobs, "waiting", away)

    assert measuring()["threshold_up"] == 0


COUNTING = (
    ALONE
    + """
from app.infra.http import metrics
if sys.argv[1] == "count":
    metrics.count_request("GET", "/", 200, 0.01)
else:
    sys.stdout.buffer.write(metrics.as_text())
"""
)


@pytest.mark.one_database
def test_several_processes_add_up_in_the_folder_that_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, metrics.FOLDER: str(tmp_path)}

    def run(what: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", COUNTING, what],
            cwd=PROJECT, env=environment, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    run("count")
    run("count")

    assert samples(run("tell"))["threshold_requests_total GET / 200"] == 2
