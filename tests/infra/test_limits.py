"""How often: counted by network, in Redis across processes, and never off when Redis is gone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
import time_machine
from flask import Flask, request
from flask.testing import FlaskClient

from app.config import PROJECT
from app.infra.http.limits import HOUSEHOLD, count, count_network, limiter
from tests import factories
from tests.support.alone import ALONE
from tests.support.client import Browser, signed_in
from tests.support.redis import running_redis
from tests.support.smtp import free_port

pytestmark = pytest.mark.one_database

Maker = Callable[..., Flask]


def limited_app(make_app: Maker, **settings: object) -> Flask:
    """A site with one view that answers three times a minute."""
    app = make_app(rate_limits=True, **settings)
    app.add_url_rule("/bench/often", "often", limiter.limit("3 per minute")(_often))
    return app


def limited(make_app: Maker, **settings: object) -> FlaskClient:
    return limited_app(make_app, **settings).test_client()


def statuses(client: FlaskClient, times: int, **options: object) -> list[int]:
    return [client.get("/bench/often", **options).status_code for _ in range(times)]  # type: ignore[arg-type]


def test_s01_beyond_the_limit_comes_429_with_its_headers(make_app: Maker) -> None:
    client = limited(make_app)

    assert statuses(client, 3) == [200, 200, 200]
    answer = client.get("/bench/often")

    assert answer.status_code == 429
    assert "A little slower, please" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["X-RateLimit-Limit"] == "3"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.headers["RateLimit-Limit"] == "3"
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(answer.headers["RateLimit-Reset"]) <= 60


def test_s02_a_spoofed_address_gets_no_bucket_of_its_own(make_app: Maker) -> None:
    client = limited(make_app)

    for last in range(3):
        client.get("/bench/often", headers={"X-Forwarded-For": f"192.0.2.{last}"})

    assert statuses(client, 1, headers={"X-Forwarded-For": "192.0.2.9"}) == [429]


def test_s02_one_ipv6_network_is_one_bucket(make_app: Maker) -> None:
    client = limited(make_app)
    for last in range(3):
        client.get("/bench/often", environ_base={"REMOTE_ADDR": f"2001:db8::{last:x}"})

    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "2001:db8::ffff"}) == [429]
    assert statuses(client, 1, environ_base={"REMOTE_ADDR": "2001:db8:0:1::1"}) == [200]


def test_s03_two_processes_count_together_in_redis(make_app: Maker, redis_url: str) -> None:
    first = limited(make_app, redis_url=redis_url)
    assert statuses(first, 2) == [200, 200]
    second = limited(make_app, redis_url=redis_url)

    assert statuses(second, 2) == [200, 429]


def test_s04_without_redis_the_limits_hold_in_memory(make_app: Maker, tmp_path: Path) -> None:
    with running_redis(tmp_path, own=True) as url:
        client = limited(make_app, redis_url=url)
        assert statuses(client, 1) == [200]

    assert statuses(client, 4) == [200, 200, 200, 429]


def test_s01_nobody_who_may_go_on_is_asked_to_wait(make_app: Maker) -> None:
    answer = limited(make_app).get("/bench/often")

    assert answer.headers["RateLimit-Remaining"] == "2"
    assert "Retry-After" not in answer.headers


def test_s01_a_person_is_one_behind_every_network(app: Flask, make_app: Maker) -> None:
    site = limited_app(make_app)
    browser = signed_in(site, factories.make_account("reader"))

    for last in range(3):
        browser.get("/bench/often", environ_base={"REMOTE_ADDR": f"192.0.2.{last}"})

    assert statuses(browser, 1, environ_base={"REMOTE_ADDR": "192.0.2.9"}) == [429]


def test_s01_members_behind_one_network_have_their_own_turns(app: Flask, make_app: Maker) -> None:
    site = limited_app(make_app)
    members = [signed_in(site, factories.make_account("reader")) for _ in range(2)]

    assert [statuses(one, 3) for one in members] == [[200] * 3] * 2
    assert statuses(site.test_client(), 3) == [200] * 3


def test_s01_a_proven_address_is_a_person_and_a_typed_one_is_none(
    app: Flask, make_app: Maker
) -> None:
    site = limited_app(make_app)
    stranger, proven = site.test_client(), site.test_client()
    with proven.session_transaction() as kept:
        kept["proven"] = [factories.make_address("ines@example.com", proven=True).id]

    assert statuses(stranger, 4) == [200, 200, 200, 429]
    assert statuses(proven, 3) == [200] * 3
    with proven.session_transaction() as kept:
        del kept["proven"]
    assert statuses(proven, 1) == [429]


def test_s01_a_network_has_a_ceiling_whoever_is_behind_it(app: Flask, make_app: Maker) -> None:
    site = make_app(rate_limits=True)

    def write() -> str:
        count_network("2 per minute")
        count("2 per minute")
        return "written"

    site.add_url_rule("/bench/write", "write", write)
    members = [signed_in(site, factories.make_account("reader")) for _ in range(HOUSEHOLD + 1)]

    answers = [one.get("/bench/write").status_code for one in members for _ in range(2)]

    assert answers == [200] * 2 * HOUSEHOLD + [429] * 2


def test_s01_two_who_are_counted_at_once_keep_each_their_own_limit(
    make_app: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both stand in the middle of the same line when they go on: a guest whose limit is short, and
    a member whose limit is long."""
    site = make_app(rate_limits=True)
    site.add_url_rule("/bench/as/<limit>", "write", _count_as)
    together = threading.Barrier(2)

    def endpoint() -> str:
        together.wait(timeout=20)
        return request.endpoint or ""

    monkeypatch.setattr(limiter, "_request_identifier", endpoint)

    def write(limit: str) -> str:
        return site.test_client().get(f"/bench/as/{limit}").headers["RateLimit-Limit"]

    with ThreadPoolExecutor(2) as both:
        assert list(both.map(write, ["2 per minute", "60 per minute"])) == ["2", "60"]


def test_s04_what_is_counted_inside_a_view_is_counted_in_memory_without_redis(
    make_app: Maker, tmp_path: Path
) -> None:
    with running_redis(tmp_path, own=True) as url:
        site = make_app(rate_limits=True, redis_url=url)
        site.add_url_rule("/bench/as/<limit>", "write", _count_as)
        client = site.test_client()
        assert client.get("/bench/as/2 per minute").status_code == 200

    answers = [client.get("/bench/as/2 per minute") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["RateLimit-Remaining"] == "0"


def test_s01_the_shortest_limit_is_told_and_the_first_that_is_reached(make_app: Maker) -> None:
    site = make_app(rate_limits=True)
    site.add_url_rule("/bench/as/<limit>", "write", _count_as)
    client = site.test_client()

    answers = [client.get("/bench/as/2 per hour; 9 per minute") for _ in range(3)]

    told = [(one.status_code, one.headers["RateLimit-Limit"]) for one in answers]
    assert told == [(200, "9"), (200, "9"), (429, "2")]


COUNTING = (
    ALONE
    + """
from flask import Flask
from app.config import read
from app.infra.http import limits

app = Flask("one of two")
app.extensions["settings"] = read({"THRESHOLD_MODE": "demo", "REDIS_URL": sys.argv[1],
                                   "INSTANCE_FOLDER": sys.argv[2]})
limits.install(app)
app.add_url_rule("/often", "often", limits.limiter.limit("40 per minute")(lambda: "again"))
client = app.test_client()
print("ready", flush=True)
sys.stdin.readline()
print(sum(client.get("/often").status_code == 200 for _ in range(40)))
"""
)


def test_s03_two_processes_at_once_let_through_what_one_would(
    tmp_path: Path, redis_url: str
) -> None:
    """Within 10 % of the limit, whichever of them asks."""
    counting = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTING, redis_url, str(tmp_path / str(number))],
            cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(2)
    ]  # fmt: skip
    for process in counting:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in counting:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    let_through = [int(process.communicate(timeout=60)[0]) for process in counting]

    assert 36 <= sum(let_through) <= 44


def test_s04_limits_are_counted_together_again_when_redis_is_back(
    make_app: Maker, tmp_path: Path
) -> None:
    port = free_port()
    with running_redis(tmp_path, own=True, port=port) as url:
        client = limited(make_app, redis_url=url)
        statuses(client, 1)
    assert statuses(client, 4) == [200, 200, 200, 429]

    later = datetime.now(UTC) + timedelta(minutes=2)
    with running_redis(tmp_path, own=True, port=port), time_machine.travel(later):
        assert statuses(client, 4) == [200, 200, 200, 429]
        with redis.Redis.from_url(url) as counted:
            assert counted.keys("*often*")


def test_s04_the_lock_of_an_account_does_not_need_redis(
    app: Flask, make_app: Maker, tmp_path: Path
) -> None:
    with running_redis(tmp_path, own=True) as url:
        site = make_app(rate_limits=True, redis_url=url)
    login = factories.make_account("reader").username
    browser = site.test_client()
    assert isinstance(browser, Browser)

    answers = [
        browser.submit("/sign-in", email=login, password="wrong").status_code for _ in range(11)
    ]

    assert answers[-1] == 429
    assert 500 not in answers


def _often() -> str:
    return "again"


def _count_as(limit: str) -> str:
    count(limit)
    return "written"
