"""What one process changes, another notices: two programs on one database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
import time_machine
from flask import Flask

from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.screening import plans, rules
from app.domains.tags import queries as tags
from app.infra import clock as real_clock
from app.infra import jobs
from app.infra.db import db
from app.infra.http.limits import limiter
from app.infra.lately import KEPT
from app.infra.unit_of_work import unit_of_work
from app.search import related, tuning
from app.search.models import SearchDocument
from app.search.tuning import KNOWN_SECONDS
from tests import factories
from tests.support.client import Browser

Value = TypeVar("Value")


@pytest.fixture
def other(make_app: Callable[..., Flask], app: Flask) -> Flask:
    """Another program on the same database; `app` is the one."""
    return make_app()


def there(other: Flask, act: Callable[[], Value]) -> Value:
    """What the other process finds, once this one's act is committed."""

    def found() -> Value:
        with other.app_context():
            return act()

    db.session.commit()
    return Context().run(found)


def test_a_rule_that_was_started_here_holds_there(app: Flask, other: Flask) -> None:
    assert there(other, rules.live_rules) == ()

    rule = factories.make_rule("Gambling", live=True)

    assert [one.id for one in there(other, rules.live_rules)] == [rule.id]
    rule.lines = "roulette"
    assert [one.lines for one in there(other, rules.live_rules)] == [("roulette",)]


def test_a_tag_that_was_named_anew_here_is_found_by_that_name_there(
    app: Flask, other: Flask
) -> None:
    tag = factories.make_tag("Hip")
    before = there(other, tags.lexicon)
    tag.name = "Shoulder"

    after = there(other, tags.lexicon)

    assert before is not after
    assert after is there(other, tags.lexicon)


def test_the_plan_of_intake_that_was_changed_here_is_followed_there_a_second_later(
    app: Flask, other: Flask, clock: time_machine.Traveller
) -> None:
    admin = factories.make_account("admin")
    plan, version = plans.seen()
    assert there(other, plans.current) == plan
    stricter = replace(plan, limits=replace(plan.limits, hold_from=plan.limits.hold_from + 1))

    with unit_of_work():
        plans.change(stricter, seen=version, by=admin)
    clock.shift(KEPT + timedelta(milliseconds=1))

    assert there(other, plans.current) == stricter


def test_a_share_that_was_tuned_here_counts_there_within_a_minute(
    app: Flask, other: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = there(other, tuning.meaning_share)
    db.session.add(tuning.StoredSetting(name=tuning.NAME, value={"share": before + 0.1}))

    assert there(other, tuning.meaning_share) == before
    noted, share = other.extensions["meaning share"]
    other.extensions["meaning share"] = (noted - KNOWN_SECONDS - 1, share)

    assert there(other, tuning.meaning_share) == pytest.approx(before + 0.1)


def test_what_was_found_related_there_is_not_shown_once_it_is_hidden_here(
    app: Flask, other: Flask
) -> None:
    article = factories.make_article("How to stand")
    document = SearchDocument(
        kind="article", ref=article.id, title=article.title, body="", visible_from=real_clock.now()
    )
    db.session.add(document)
    db.session.flush()
    there(other, lambda: None)
    thing = ("article", article.id)
    until = related.time.monotonic() + related.SECONDS
    other.extensions["related"] = {("article", 0): related._Kept(until, {thing: "alike"})}
    shown = there(other, lambda: related.related_to("article", 0))

    db.session.delete(document)

    assert [one.title for one in shown] == ["How to stand"]
    assert there(other, lambda: related.related_to("article", 0)) == []


def test_v06_a_page_that_is_kept_there_is_drawn_anew_when_something_is_hidden_here(
    app: Flask, other: Flask
) -> None:
    comment = factories.make_comment("A secret got out here", article=factories.make_article())
    address = f"/articles/{db.session.get_one(Article, comment.article_id).slug}"
    reader = other.test_client()
    assert isinstance(reader, Browser)
    shown = [reader.get(address).text for _ in range(2)]

    with unit_of_work():
        db.session.get_one(Comment, comment.id).status = Status.REJECTED

    assert all("A secret got out" in text for text in shown)
    assert "A secret got out" not in reader.get(address).text


def test_each_job_is_done_by_one_of_two_workers(app: Flask, other: Flask) -> None:
    done: Counter[int] = Counter()
    with unit_of_work():
        for number in range(6):
            jobs.enqueue("count", {"number": number})
    functions = {"count": lambda job: done.update([job.payload["number"]])}

    while there(other, lambda: jobs.run_one(functions)) | jobs.run_one(functions):
        pass

    assert done == Counter(range(6))


def test_two_workers_plan_one_turn_of_a_periodic_job(app: Flask, other: Flask) -> None:
    periods = {"upkeep": timedelta(days=1)}

    jobs.plan(periods)
    there(other, lambda: jobs.plan(periods))

    assert db.session.query(jobs.Job).filter_by(kind="upkeep").count() == 1


@pytest.mark.one_database
def test_s03_a_limit_is_one_for_two_processes_on_one_redis(
    make_app: Callable[..., Flask], redis_url: str
) -> None:
    codes: Counter[int] = Counter()
    for number in range(2):
        program = make_app(rate_limits=True, redis_url=redis_url)
        program.add_url_rule("/bench/often", "often", limiter.limit("10 per minute")(lambda: "."))
        for _ in range(8 + number):
            codes[program.test_client().get("/bench/often").status_code] += 1

    assert codes == {200: 10, 429: 7}
