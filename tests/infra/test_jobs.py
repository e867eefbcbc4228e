"""Later work: claimed once, tried again with growing pauses, never lost with its worker."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import CLAIM, PAUSES, Job, PermanentFailure, enqueue
from app.infra.unit_of_work import unit_of_work
from tests.infra.test_sqlite_writes import together

pytestmark = pytest.mark.usefixtures("bench")


class AsEnqueued(Exception):
    """A server that is away."""


def put(kind: str = "count", **options: object) -> Job:
    with unit_of_work():
        job = enqueue(kind, {"a": 1}, **options)  # type: ignore[arg-type]
    assert job is not None
    return job


def failing(error: Exception) -> Mapping[str, jobs.JobFunction]:
    def fail(_job: Job) -> None:
        raise error

    return {"count": fail}


def counting() -> tuple[Mapping[str, jobs.JobFunction], list[int]]:
    ran: list[int] = []
    return {"count": lambda job: ran.append(job.id)}, ran


def test_a_due_job_runs_once_and_is_done() -> None:
    job = put()
    functions, ran = counting()

    assert jobs.run_due(functions) == 1
    assert jobs.run_due(functions) == 0
    assert ran == [job.id]
    assert job.done_at is not None


def test_the_oldest_due_job_runs_first(clock: Traveller) -> None:
    later = put(after=timedelta(seconds=2))
    sooner = put(after=timedelta(seconds=1))
    functions, ran = counting()
    clock.shift(3)

    jobs.run_due(functions)

    assert ran == [sooner.id, later.id]


def test_a_job_for_later_waits_for_its_time(clock: Traveller) -> None:
    put(after=timedelta(minutes=10))
    functions, _ = counting()

    assert jobs.run_due(functions) == 0
    clock.shift(timedelta(minutes=10))
    assert jobs.run_due(functions) == 1


def test_r11_two_workers_never_run_the_same_job(bench: Flask) -> None:
    for _ in range(40):
        put()
    ran: Counter[int] = Counter()
    lock = threading.Lock()

    def count(job: Job) -> None:
        with lock:
            ran[job.id] += 1

    def work() -> None:
        with bench.app_context():
            jobs.run_due({"count": count})

    assert together([work, work, work]) == []
    assert ran == Counter(dict.fromkeys(range(1, 41), 1))


def test_r10_a_failed_job_is_tried_again_with_growing_pauses_for_a_day(clock: Traveller) -> None:
    job = put()
    functions = failing(AsEnqueued("not now"))
    began = job.run_at
    pauses = []

    while job.failed_at is None:
        jobs.run_due(functions)
        if job.failed_at is None:
            pauses.append(job.run_at - jobs.clock.now())
            clock.move_to(job.run_at)

    for pause, least, most in zip(pauses, PAUSES, jobs.LONGEST_PAUSES, strict=True):
        assert least <= pause <= most
    assert pauses == sorted(pauses)
    assert job.failed_at - began >= timedelta(hours=24)
    assert job.attempts == len(PAUSES) + 1
    assert job.last_error == "AsEnqueued: not now"


def test_r10_what_failed_together_does_not_come_back_together(clock: Traveller) -> None:
    for _ in range(20):
        put()

    jobs.run_due(failing(AsEnqueued("not now")))

    assert len(set(db.session.scalars(select(Job.run_at)))) > 15


def test_a_postponed_job_waits_until_then_and_has_not_failed(clock: Traveller) -> None:
    job, until = put(), jobs.clock.now() + timedelta(days=3)

    jobs.run_due(failing(jobs.Postponed(until)))
    assert (job.run_at, job.failed_at, job.last_error) == (until, None, "")

    functions, ran = counting()
    clock.move_to(until)
    jobs.run_due(functions)
    assert ran == [job.id]


def test_what_is_queued_once_is_not_queued_again_after_it_was_done() -> None:
    first = put(once_key="ines of 1")
    with unit_of_work():
        assert enqueue("count", {}, once_key="ines of 1") is None
    jobs.run_due(counting()[0])

    with unit_of_work():
        assert enqueue("count", {}, once_key="ines of 1") is None
    assert put(once_key="bo of 1").id != first.id


def test_what_is_queued_once_and_failed_begins_anew() -> None:
    first = put(once_key="ines of 1")
    jobs.run_due(failing(PermanentFailure("550 no such person")))

    again = put(once_key="ines of 1")

    assert (again.id, again.failed_at, again.attempts) == (first.id, None, 0)
    assert jobs.run_due(counting()[0]) == 1


def test_what_failed_and_was_laid_aside_is_not_queued_again() -> None:
    job = put(once_key="ines of 1")
    jobs.run_due(failing(PermanentFailure("550 no such person")))
    with unit_of_work():
        db.session.get_one(Job, job.id).done_at = jobs.clock.now()

    with unit_of_work():
        assert enqueue("count", {}, once_key="ines of 1") is None
    assert jobs.waiting() == (0, None, 0)


def test_a_retried_job_that_goes_well_is_done(clock: Traveller) -> None:
    job = put()
    jobs.run_due(failing(AsEnqueued("not now")))
    clock.shift(jobs.LONGEST_PAUSES[0])
    functions, ran = counting()

    jobs.run_due(functions)

    assert ran == [job.id]
    assert job.done_at is not None


def test_r10_a_permanent_failure_rests_at_once() -> None:
    job = put()

    jobs.run_due(failing(PermanentFailure("550 no such person")))

    assert job.failed_at is not None
    assert job.attempts == 1
    assert job.last_error == "PermanentFailure: 550 no such person"


def test_one_bad_job_does_not_block_the_next() -> None:
    put("unheard-of")
    good = put()
    functions, ran = counting()

    jobs.run_due(functions)

    assert ran == [good.id]


def test_an_error_with_a_zero_byte_is_kept_without_it() -> None:
    job = put()

    jobs.run_due(failing(AsEnqueued("a\x00b")))

    assert job.last_error == "AsEnqueued: ab"


def test_what_a_failed_job_wrote_is_rolled_back() -> None:
    put()

    def write_and_fail(_job: Job) -> None:
        db.session.add(Job(kind="half-written"))
        db.session.flush()
        raise AsEnqueued

    jobs.run_due({"count": write_and_fail})

    assert db.session.scalars(select(Job.kind)).all() == ["count"]


def test_r11_a_dead_workers_job_is_claimed_again_when_its_time_is_over(clock: Traveller) -> None:
    put()
    taken = jobs.claim()  # and this worker is never heard of again
    assert taken is not None
    functions, ran = counting()

    clock.shift(CLAIM - timedelta(seconds=1))
    assert jobs.run_due(functions) == 0
    clock.shift(2)
    assert jobs.run_due(functions) == 1
    assert ran == [taken.id]


def test_a_unique_job_is_queued_once_while_it_waits() -> None:
    put(unique_key="desk")

    with unit_of_work():
        assert enqueue("count", {}, unique_key="desk") is None

    functions, _ = counting()
    jobs.run_due(functions)
    assert put(unique_key="desk").id


@pytest.mark.parametrize("key", ["unique_key", "once_key"])
def test_two_acts_that_queue_the_same_at_one_moment_both_go_through(bench: Flask, key: str) -> None:
    meeting = threading.Barrier(4, timeout=20)
    queued: list[bool] = []

    def act() -> None:
        with bench.app_context():
            meeting.wait()
            with unit_of_work():
                made = enqueue("count", {}, **{key: "desk"})  # type: ignore[arg-type]
                queued.append(made is not None)

    assert together([act] * 4) == []
    assert sorted(queued) == [False, False, False, True]
    assert len(db.session.scalars(select(Job)).all()) == 1


def test_a_job_lives_and_dies_with_its_cause() -> None:
    with pytest.raises(AsEnqueued), unit_of_work():
        enqueue("count", {})
        raise AsEnqueued

    functions, ran = counting()
    assert jobs.run_due(functions) == 0
    assert ran == []


def test_waiting_counts_what_waits_and_what_failed(clock: Traveller) -> None:
    first = put()
    clock.shift(60)
    put()
    put("unheard-of")
    began = first.run_at
    assert jobs.waiting() == (3, began, 0)

    jobs.run_due({"count": lambda _job: None})

    assert jobs.waiting() == (0, None, 1)


def test_the_worker_stops_when_told(bench: Flask) -> None:
    put()
    stop = threading.Event()
    functions = {"count": lambda _job: stop.set()}
    worker = threading.Thread(target=_work_until, args=(bench, functions, stop))

    worker.start()
    worker.join(20)

    assert not worker.is_alive()
    assert stop.is_set()


def test_r06_the_worker_outlives_a_database_that_is_away(
    bench: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put()
    stop = threading.Event()
    claims = iter([ConnectionError("away"), None])
    real = jobs.claim

    def claim() -> Job | None:
        wrong = next(claims)
        if wrong is not None:
            raise wrong
        return real()

    monkeypatch.setattr(jobs, "claim", claim)
    with bench.app_context():
        jobs.run_forever({"count": lambda _: stop.set()}, stop, pause=0)

    assert stop.is_set()
    assert "could not reach its queue" in caplog.text


def _work_until(
    app: Flask, functions: Mapping[str, Callable[[Job], None]], stop: threading.Event
) -> None:
    with app.app_context():
        jobs.run_forever(functions, stop, pause=0)
