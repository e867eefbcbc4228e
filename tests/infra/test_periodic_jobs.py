"""Jobs that come back by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.infra import jobs
from app.infra.db import db
from app.infra.jobs import Job

pytestmark = pytest.mark.usefixtures("app")
DAILY = {"sweep": timedelta(days=1)}


def waiting() -> int:
    return db.session.scalar(select(func.count()).where(Job.done_at.is_(None))) or 0


def test_a_periodic_job_is_due_at_once_on_a_new_site(clock: time_machine.Traveller) -> None:
    ran: list[str] = []
    jobs.plan(DAILY)
    jobs.run_due({"sweep": lambda job: ran.append(job.kind)})
    assert ran == ["sweep"]


def test_many_workers_plan_one_job() -> None:
    jobs.plan(DAILY)
    jobs.plan(DAILY)
    assert waiting() == 1


def test_the_next_turn_comes_a_period_after_the_last(clock: time_machine.Traveller) -> None:
    ran: list[str] = []
    sweep = {"sweep": lambda job: ran.append(job.kind)}
    for hours in (0, 23, 2):
        clock.shift(timedelta(hours=hours))
        jobs.plan(DAILY)
        jobs.run_due(sweep)
    assert ran == ["sweep", "sweep"]


def test_after_a_long_stop_it_runs_once(clock: time_machine.Traveller) -> None:
    ran: list[str] = []
    sweep = {"sweep": lambda job: ran.append(job.kind)}
    for days in (0, 30):
        clock.shift(timedelta(days=days))
        jobs.plan(DAILY)
        jobs.run_due(sweep)
        jobs.plan(DAILY)
        jobs.run_due(sweep)
    assert ran == ["sweep", "sweep"]
