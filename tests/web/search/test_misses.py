"""Searches without a result are counted, once a while and by nobody's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.infra.db import db
from app.infra.http.limits import limiter
from app.search import services
from app.search.models import SearchMiss
from tests.factories import make_resource
from tests.support.client import Browser


@pytest.fixture
def limited(make_app: Callable[..., Flask], clock: time_machine.Traveller) -> Iterator[Browser]:
    """A browser of the program with its limits on and nothing counted yet."""
    app = make_app(rate_limits=True)
    limiter.reset()
    with app.app_context():
        browser = app.test_client()
        assert isinstance(browser, Browser)
        yield browser
        db.session.remove()


def counted() -> dict[str, int]:
    db.session.expire_all()
    found = db.session.execute(select(SearchMiss.asked, SearchMiss.times))
    return {row.asked: row.times for row in found}


def test_a_search_without_a_result_is_counted(client: Browser) -> None:
    assert client.get("/search?q=Snapping+bursa").status_code == 200
    assert counted() == {"snapping bursa": 1}


def test_what_finds_something_is_not_counted(client: Browser) -> None:
    services.index_resource(make_resource("Calf raise").id)
    client.get("/search?q=calf")
    client.get("/search?q=calf+bursa")
    client.get("/search?q=calf&page=99")
    assert counted() == {}


@pytest.mark.parametrize("address", ["/search", "/search?q=", "/search?q=a", "/search?q=bo%40b.at"])
def test_what_asks_nothing_or_names_somebody_is_not_counted(client: Browser, address: str) -> None:
    client.get(address)
    assert counted() == {}


def test_looking_in_one_kind_alone_is_not_counted(client: Browser) -> None:
    client.get("/search?q=bursa&kind=resource")
    client.head("/search?q=bursa")
    assert counted() == {}


def test_the_same_words_count_once_an_hour_from_one_network(
    limited: Browser, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        limited.get("/search?q=bursa")
    assert counted() == {"bursa": 1}
    clock.shift(3_601)
    limited.get("/search?q=bursa")
    assert counted() == {"bursa": 2}


def test_s01_one_network_cannot_fill_the_list(limited: Browser) -> None:
    statuses = {limited.get(f"/search?q=word{number}").status_code for number in range(30)}
    assert statuses == {200}
    assert len(counted()) == 20


def test_the_page_tells_its_own_limit_still(limited: Browser) -> None:
    answer = limited.get("/search?q=bursa")
    assert answer.headers["X-RateLimit-Limit"] == "60"


def test_u04_what_is_counted_is_words_and_no_markup(client: Browser) -> None:
    client.get("/search", query_string={"q": "<script>alert('x')</script>\0"})
    assert list(counted()) == ["script alert x"]
