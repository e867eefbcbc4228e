"""How often: counted by network, in Redis across processes, and never off when Redis is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.infra.http.limits import limiter
from tests.support.redis import running_redis

pytestmark = pytest.mark.one_database

Maker = Callable[..., Flask]


def limited(make_app: Maker, **settings: object) -> FlaskClient:
    """A site with one view that answers three times a minute."""
    app = make_app(rate_limits=True, **settings)
    app.add_url_rule("/bench/often", "often", limiter.limit("3 per minute")(_often))
    return app.test_client()


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


def _often() -> str:
    return "again"
