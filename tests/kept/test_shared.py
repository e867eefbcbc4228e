"""Pages that several processes share through Redis, and what is told to a cache in front."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import redis
from flask import Flask

from app.domains.articles.models import Article
from app.infra import tokens
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.kept import purging
from app.infra.kept.pages import QUICK, made, packed, squeezed, unpacked
from app.infra.outside import calling
from app.infra.unit_of_work import unit_of_work
from tests import factories
from tests.support.client import Browser
from tests.support.settings import change_settings
from tests.support.smtp import free_port

Maker = Callable[..., Flask]
SECRET = b"s" * 32

pytestmark = pytest.mark.one_database


def figures(app: Flask) -> dict[str, int]:
    found: dict[str, int] = app.extensions["front"].figures
    return found


def test_what_one_process_draws_another_gives_out(make_app: Maker, redis_url: str) -> None:
    first, second = make_app(redis_url=redis_url), make_app(redis_url=redis_url, port=8001)
    with first.app_context():
        path = factories.make_article("Hips").href
    drawn = first.test_client().get(path)
    given = second.test_client().get(path)
    assert drawn.data == given.data
    assert drawn.headers["ETag"] == given.headers["ETag"]
    assert (figures(first)["drawn"], figures(second)["drawn"]) == (1, 0)


def test_i11_what_others_wrote_into_redis_is_ignored(make_app: Maker, redis_url: str) -> None:
    app = make_app(redis_url=redis_url)
    with app.app_context():
        path = factories.make_article("Hips").href
    whole = app.test_client().get(path).data
    with redis.Redis.from_url(redis_url) as store:
        (key,) = store.keys("threshold:page:*")  # type: ignore[misc]
        kept = store.get(key)
        assert isinstance(kept, bytes)
        for forged in (
            kept[:-1] + b"x",
            kept[32:],
            b"",
            b"x",
            kept[:40],
            b"cos\nsystem\n(S'ls'\ntR.",
        ):
            store.set(key, forged)
            app.extensions["front"].forget()
            assert app.test_client().get(path).data == whole
        other = key + b"x"
        store.set(other, kept)
    assert unpacked(kept, other.decode(), SECRET) is None


def test_i11_a_page_is_signed_together_with_its_name() -> None:
    page = made(b"<p>", headers=(("A", "b"),), versions={"site": 3}, drawn_at=1.5, stamp="x")
    assert unpacked(packed(page, "/a", SECRET), "/a", SECRET) == squeezed(page, QUICK)
    assert unpacked(packed(page, "/a", SECRET), "/b", SECRET) is None
    assert unpacked(packed(page, "/a", SECRET), "/a", b"t" * 32) is None


def test_r08_without_redis_pages_are_drawn(make_app: Maker) -> None:
    app = make_app(redis_url=f"redis://127.0.0.1:{free_port()}/0")
    with app.app_context():
        path = factories.make_article("Hips").href
    client = app.test_client()
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert figures(app)["drawn"] == 1


def test_a_cache_in_front_is_told_by_a_signed_job(
    app: Flask, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_id = factories.make_article().id
    change_settings(app, purge_url="https://cache.example/purge")
    with unit_of_work():
        db.session.get_one(Article, article_id).title = "Changed"
    job = db.session.scalars(db.select(Job).where(Job.kind == purging.JOB)).one()
    assert job.payload == {"marks": ["site"]}

    sent: list[Any] = []
    monkeypatch.setattr(calling, "post", lambda *args, **kwargs: sent.append((args, kwargs)))
    purging.run(job)
    ((url, body, headers), _) = sent[0]
    assert url == "https://cache.example/purge"
    assert json.loads(body) == {"marks": ["site"]}
    assert headers[purging.SIGNATURE] == tokens.private_key("purge", body.decode())


def test_nobody_is_told_unless_the_operator_wants_it(app: Flask) -> None:
    article_id = factories.make_article().id
    with unit_of_work():
        db.session.get_one(Article, article_id).title = "Changed"
    assert not db.session.scalars(db.select(Job).where(Job.kind == purging.JOB)).all()
