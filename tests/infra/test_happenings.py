"""What is done about events later: written with their cause, done once, in order, never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import redis
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app.domains.accounts import events as accounts
from app.domains.answers import events as answers
from app.domains.articles import events as articles
from app.domains.comments import events as comments
from app.domains.screening.events import LessonTurned
from app.infra import events, happenings, jobs, waking
from app.infra.db import db
from app.infra.happenings import Happening
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work
from app.wiring import later
from tests import factories
from tests.support.client import Browser
from tests.support.eventually import eventually
from tests.support.redis import running_redis
from tests.support.settings import change_settings


@dataclass(frozen=True)
class TagPut:
    name: str


@pytest.fixture
def heard(bench: Flask) -> list[str]:
    names: list[str] = []
    bench.extensions["later"] = {TagPut: [lambda event: names.append(event.name)]}
    return names


def put(*names: str) -> None:
    with unit_of_work():
        for name in names:
            events.record(TagPut(name))


def left() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Happening)) or 0


def test_nothing_is_done_before_a_worker_comes(heard: list[str]) -> None:
    put("hip")

    assert heard == []
    assert left() == 1


def test_events_are_handled_in_their_order_and_once(heard: list[str]) -> None:
    put("hip", "knee")
    put("toe")

    assert jobs.react()
    assert not jobs.react()
    assert heard == ["hip", "knee", "toe"]
    assert left() == 0


def test_an_act_that_fails_leaves_nothing_to_do(heard: list[str]) -> None:
    with pytest.raises(KeyError), unit_of_work():
        events.record(TagPut("hip"))
        raise KeyError

    assert left() == 0


def test_r02_a_worker_that_dies_half_way_leaves_all_to_do_and_none_of_it_done(
    bench: Flask,
) -> None:
    class Killed(BaseException):
        """As if the process had ended."""

    def handler(event: TagPut) -> None:
        enqueue("tell", {"tag": event.name})
        if event.name == "knee":
            raise Killed

    bench.extensions["later"] = {TagPut: [handler]}
    put("hip", "knee")
    with pytest.raises(Killed):
        jobs.react()

    assert left() == 2
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_one_that_cannot_be_handled_is_put_aside_and_the_others_are_not_held_up(
    bench: Flask, heard: list[str]
) -> None:
    def fail(event: TagPut) -> None:
        if event.name == "bad":
            raise LookupError("bad tag")

    bench.extensions["later"][TagPut].append(fail)
    put("hip", "bad", "knee")
    while jobs.react():
        pass

    assert left() == 0
    assert heard[-1] == "knee"
    assert db.session.scalars(select(Job.payload)).all() == [
        {"kind": "TagPut", "facts": {"name": "bad"}}
    ]


def test_one_that_was_put_aside_is_tried_again(bench: Flask, heard: list[str]) -> None:
    with unit_of_work():
        enqueue(jobs.HANDLE, {"kind": "TagPut", "facts": {"name": "hip"}})

    jobs.run_due({})

    assert heard == ["hip"]
    assert db.session.scalars(select(Job.failed_at)).all() == [None]


def test_an_event_that_has_to_wait_for_somebody_stays_and_holds_up_no_other(
    bench: Flask, heard: list[str]
) -> None:
    held = {"knee"}

    def wait(event: TagPut) -> None:
        if event.name in held:
            raise happenings.NotNow

    bench.extensions["later"][TagPut].insert(0, wait)
    put("hip", "knee", "foot")

    assert jobs.react()
    assert not jobs.react()
    assert (heard, left()) == (["hip", "foot"], 1)
    held.clear()
    assert jobs.react()
    assert (heard, left()) == (["hip", "foot", "knee"], 0)


def test_an_event_of_another_release_waits_for_a_worker_that_knows_it(heard: list[str]) -> None:
    with unit_of_work():
        db.session.add(Happening(kind="Unheard", facts={}))

    while jobs.react():
        pass

    assert db.session.scalars(select(Job.kind)).all() == [jobs.HANDLE]


def test_a_database_that_is_away_puts_nothing_aside(bench: Flask) -> None:
    def away(_event: TagPut) -> None:
        raise OperationalError("", {}, Exception("away"))

    bench.extensions["later"] = {TagPut: [away]}
    put("hip")
    with pytest.raises(OperationalError):
        jobs.react()

    assert left() == 1
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_r11_of_many_workers_each_event_is_handled_by_one(bench: Flask) -> None:
    handled: list[str] = []
    bench.extensions["later"] = {TagPut: [lambda event: handled.append(event.name)]}
    put(*(str(number) for number in range(3 * happenings.BATCH)))

    def work() -> None:
        with bench.app_context():
            while jobs.react():
                pass

    workers = [threading.Thread(target=work) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)

    assert handled == [str(number) for number in range(3 * happenings.BATCH)]
    assert left() == 0


def test_every_event_that_waits_for_a_worker_comes_through_the_database_as_it_was(
    bench: Flask,
) -> None:
    seen: list[object] = []
    for known in later():
        bench.extensions["later"] = {**bench.extensions["later"], known: [seen.append]}
    sent = [
        comments.CommentHeld(3),
        comments.CommentPublished(3, waited=True),
        comments.CommentHidden(3),
        comments.CommentChanged(3),
        comments.MeTooChanged(3),
        LessonTurned(4),
        answers.CardLinked(5),
        answers.CardUnlinked(5, 3, 6),
        answers.CardHelped(5),
        answers.CardDidNotHelp(5),
        articles.ArticlePublished(7),
        articles.ArticleRemoved(7),
        accounts.SignInLinkAsked("anna@example.com", "/questions/"),
        accounts.ResetLinkAsked("anna@example.com"),
    ]
    assert {type(event) for event in sent} == {*later()}
    with unit_of_work():
        for event in sent:
            events.record(event)
    jobs.react()

    assert seen == sent


def test_a_worker_is_woken_by_the_commit_and_does_not_wait_for_its_next_look(
    bench: Flask, heard: list[str]
) -> None:
    stop = threading.Event()

    def work() -> None:
        with bench.app_context():
            jobs.run_forever({}, stop, pause=600)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        put("hip")
        assert eventually(lambda: heard, 20) == ["hip"]
        with unit_of_work():
            job = enqueue("unknown", {})
        assert job is not None
        eventually(lambda: _failed(job.id), 20)
    finally:
        stop.set()
        waking.alarm().ring()
        worker.join(20)
    assert not worker.is_alive()


def _failed(job_id: int) -> bool:
    db.session.rollback()
    return db.session.get_one(Job, job_id).failed_at is not None


@pytest.mark.one_database
def test_a_worker_of_another_process_is_woken_through_redis(bench: Flask, redis_url: str) -> None:
    change_settings(bench, redis_url=redis_url)
    stop, other = threading.Event(), waking.Alarm(redis_url)
    client = redis.Redis.from_url(redis_url)
    with other.listening(stop):
        eventually(lambda: dict(client.pubsub_numsub(waking.CHANNEL))[waking.CHANNEL.encode()])
        with unit_of_work():
            enqueue("tell", {})
        assert other.event.wait(20)
        stop.set()


@pytest.mark.one_database
def test_with_redis_away_an_act_is_done_and_this_process_woken(
    bench: Flask, run_folder: object
) -> None:
    with running_redis(run_folder, own=True) as url:  # type: ignore[arg-type]
        change_settings(bench, redis_url=url)
    bench.extensions.pop("alarm", None)

    with unit_of_work():
        job = enqueue("tell", {})

    assert job is not None
    assert waking.alarm().event.is_set()


def test_an_act_that_leaves_no_work_wakes_nobody(bench: Flask) -> None:
    bench.extensions.pop("alarm", None)

    with unit_of_work():
        enqueue("tell", {}, after=jobs.PAUSES[0])

    assert not waking.alarm().event.is_set()


def test_what_follows_from_a_text_follows_by_the_worker(
    make_app: Callable[..., Flask],
) -> None:
    """The wiring as it is served: asked, let in, found and told, with a worker in between."""
    program = make_app()
    with program.app_context():
        article = factories.make_article()
        browser = program.test_client()
        assert isinstance(browser, Browser)
        body = "My left hip clicks when I swing the leg, what does that mean?"
        path = f"/articles/{article.slug}/ask"
        assert browser.submit(path, body=body, name="Bo", email="bo@example.com").status_code == 303
        assert left() == 1
        assert jobs.react()
        kinds = set(db.session.scalars(select(Job.kind)))
    assert {"mail.received", "search.suggest"} <= kinds
