"""The job that looks at links: off by default, polite, and never in anybody's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask

from app.domains.resources import link_job, links
from app.domains.resources.models import LinkCheck, Resource
from app.infra import clock, jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.outside.fetching import Problem, Seen, look
from app.infra.unit_of_work import unit_of_work
from app.wiring import JOBS, PERIODS
from tests.factories import make_resource
from tests.opinions.stranger import Stranger, answering
from tests.support.settings import change_settings

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def on(app: Flask) -> Flask:
    change_settings(app, link_checks=True, public_url="https://questions.example.org")
    return app


@pytest.fixture
def frozen() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(START, tick=False) as moment:
        yield moment


Looks = list[tuple[str, datetime]]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Every look, and when; all of them find a page."""
    made: Looks = []

    def see(url: str, *, agent: str) -> Seen:
        assert agent.startswith("Threshold/1.0 (+https://questions.example.org;")
        made.append((url, clock.now()))
        return Seen(200)

    monkeypatch.setattr(link_job, "look", see)
    return made


def begin() -> None:
    jobs.plan({link_job.JOB: link_job.PERIOD})


def run_for(moment: time_machine.Coordinates, seconds: int) -> None:
    for _ in range(seconds):
        jobs.run_due(JOBS)
        moment.shift(timedelta(seconds=1))


def test_nobody_is_called_unless_the_operator_says_so(
    app: Flask, looks: Looks, frozen: time_machine.Coordinates
) -> None:
    make_resource("a", url="https://a.example/")
    begin()
    run_for(frozen, 10)
    assert looks == []
    assert db.session.query(Job).filter(Job.done_at.is_(None)).count() == 0


@pytest.mark.usefixtures("on")
def test_each_resource_is_looked_at_and_its_row_kept(
    looks: Looks, frozen: time_machine.Coordinates
) -> None:
    with_url = [make_resource(name, url=f"https://{name}.example/") for name in "abc"]
    make_resource("a text of its own")
    begin()
    run_for(frozen, 1)
    assert [url for url, _ in looks] == [one.url for one in with_url]
    assert {check.status for check in db.session.query(LinkCheck)} == {200}


@pytest.mark.usefixtures("on")
def test_one_host_is_left_in_peace_for_five_seconds_and_others_go_on(
    looks: Looks, frozen: time_machine.Coordinates
) -> None:
    for number in range(4):
        make_resource(f"busy {number}", url=f"https://busy.example/{number}")
    make_resource("other", url="https://other.example/")
    begin()
    run_for(frozen, 30)
    times = defaultdict(list)
    for url, at in looks:
        times[url.split("/")[2]].append(at)
    assert len(times["busy.example"]) == 4
    assert len(times["other.example"]) == 1
    assert times["other.example"][0] < times["busy.example"][1]
    pairs = zip(times["busy.example"], times["busy.example"][1:], strict=False)
    assert all(later - earlier >= links.PAUSE for earlier, later in pairs)


@pytest.mark.usefixtures("on")
def test_a_run_has_an_end_and_the_rest_waits_for_the_next(
    looks: Looks, frozen: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_job, "MOST_A_RUN", 2)
    for name in "abc":
        make_resource(name, url=f"https://{name}.example/")
    begin()
    run_for(frozen, 10)
    assert len(looks) == 2
    frozen.shift(link_job.PERIOD)
    begin()
    run_for(frozen, 10)
    assert [url for url, _ in looks] == [f"https://{name}.example/" for name in "abc"]


@pytest.mark.usefixtures("on")
def test_other_jobs_go_between_two_looks(
    frozen: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []

    def see(_url: str, *, agent: str) -> Seen:
        order.append("look")
        if len(order) == 1:
            with unit_of_work():
                jobs.enqueue("mail", {})
        frozen.shift(timedelta(seconds=1))
        return Seen(200)

    monkeypatch.setattr(link_job, "look", see)
    for name in "abc":
        make_resource(name, url=f"https://{name}.example/")
    begin()
    jobs.run_due({**JOBS, "mail": lambda _job: order.append("mail")})
    assert order == ["look", "mail", "look", "look"]


@pytest.mark.usefixtures("on")
def test_while_it_looks_nobody_who_writes_waits(
    frozen: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def see(_url: str, *, agent: str) -> Seen:
        with unit_of_work():  # refused inside another one
            db.session.add(Job(kind="nothing", run_at=START + timedelta(days=9)))
        return Seen(200)

    monkeypatch.setattr(link_job, "look", see)
    make_resource("a", url="https://a.example/")
    begin()
    run_for(frozen, 1)
    assert db.session.query(LinkCheck).count() == 1


@pytest.mark.usefixtures("on")
def test_a_resource_that_is_removed_during_the_look_leaves_nothing(
    frozen: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def see(_url: str, *, agent: str) -> Seen:
        with unit_of_work():
            db.session.delete(db.session.query(Resource).one())
        return Seen(404)

    monkeypatch.setattr(link_job, "look", see)
    make_resource("a", url="https://a.example/")
    begin()
    run_for(frozen, 2)
    assert db.session.query(LinkCheck).count() == 0
    assert db.session.query(Job).filter(Job.last_error != "").count() == 0


def test_it_comes_back_every_day() -> None:
    assert PERIODS[link_job.JOB] == timedelta(days=1)


@pytest.mark.usefixtures("on")
def test_i10_a_private_address_is_called_by_no_job(deliver: Callable[[], int]) -> None:
    server = Stranger()
    try:
        resource = make_resource("inside", url=server.url)
        begin()
        deliver()
    finally:
        server.close()
    assert server.asked == []
    check = db.session.get_one(LinkCheck, resource.id)
    assert (check.status, check.failures, check.dead_since) == (None, 0, None)
    assert check.problem == Problem.PORT


@pytest.mark.usefixtures("on")
def test_a_real_server_is_asked_once(
    deliver: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Stranger()
    server.manner = answering(b"", status="410 Gone")
    port = int(server.url.split(":")[2].split("/")[0])
    near = partial(look, ports=frozenset({port}), may_reach=lambda address: address == "127.0.0.1")
    monkeypatch.setattr(link_job, "look", near)
    try:
        resource = make_resource("gone", url=server.url)
        begin()
        deliver()
    finally:
        server.close()
    assert [asked.line.partition(" ")[0] for asked in server.asked] == ["HEAD", "GET"]
    check = db.session.get_one(LinkCheck, resource.id)
    assert (check.status, check.failures, check.dead_since) == (410, 1, None)
