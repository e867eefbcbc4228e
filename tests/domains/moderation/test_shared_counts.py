"""The counts of the desk, counted by one process for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import redis
from flask import Flask

from app.domains.comments.states import Status
from app.domains.moderation.queue import shared_counts
from app.domains.moderation.queue.queries import EVERYWHERE
from app.domains.moderation.states import Lane
from app.infra.db import db
from tests.factories import make_comment
from tests.support.queries import Counted
from tests.support.settings import change_settings

pytestmark = pytest.mark.one_database
Count = Callable[[], AbstractContextManager[Counted]]


@pytest.fixture
def site(app: Flask, redis_url: str) -> Iterator[Flask]:
    change_settings(app, redis_url=redis_url)
    yield app
    app.extensions["redis"].close()


def test_who_asks_within_two_seconds_reads_what_the_first_has_counted(
    site: Flask, make_app: Callable[..., Flask], redis_url: str, count_queries: Count
) -> None:
    make_comment(status=Status.PENDING)
    db.session.commit()
    first = shared_counts.lane_counts(EVERYWHERE)
    elsewhere = make_app(redis_url=redis_url)

    with elsewhere.app_context(), count_queries() as counted:
        second = shared_counts.lane_counts(EVERYWHERE)
    elsewhere.extensions["redis"].close()

    assert counted.total == 0
    assert second == first
    assert second[Lane.WAITING] == 1


def test_after_two_seconds_somebody_counts_again(site: Flask, redis_url: str) -> None:
    shared_counts.lane_counts(EVERYWHERE)
    make_comment(status=Status.PENDING)
    db.session.commit()
    with redis.Redis.from_url(redis_url) as client:
        assert 0 < client.pttl("threshold:lanes:all:turn") < 2000
        client.delete("threshold:lanes:all:turn")  # its time is over

    assert shared_counts.lane_counts(EVERYWHERE)[Lane.WAITING] == 1


def test_r08_without_an_answer_everybody_counts(site: Flask) -> None:
    make_comment(status=Status.PENDING)
    db.session.commit()
    change_settings(site, redis_url="redis://127.0.0.1:1/0")

    assert shared_counts.lane_counts(EVERYWHERE)[Lane.WAITING] == 1
