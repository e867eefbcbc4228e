"""Time that passes at once: what waits for later is due now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.infra import clock, jobs
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from benchmarks.faults.sites import Site


def open_jobs(kind: str) -> list[tuple[int, datetime, datetime]]:
    """How often each was tried, when it was made, and when it is due."""
    rows = select(Job.attempts, Job.created_at, Job.run_at).where(
        Job.kind == kind, Job.done_at.is_(None), Job.failed_at.is_(None)
    )
    return [(row.attempts, row.created_at, row.run_at) for row in db.session.execute(rows)]


def work(site: Site, **settings: object) -> int:
    """Do in this process what is due, with these settings; how many jobs ran."""
    with site.inside():
        kept = site.program.extensions["settings"]
        site.program.extensions["settings"] = _changed(kept, settings)
        try:
            return jobs.run_due(site.program.extensions["jobs"])
        finally:
            db.session.rollback()
            site.program.extensions["settings"] = kept


def pass_time(site: Site, kind: str) -> float:
    """Let the pause of all jobs of this kind be over; how many seconds the longest had left."""
    with site.inside():
        now = clock.now()
        left = [(due - now).total_seconds() for _, _, due in open_jobs(kind)]
        with unit_of_work():
            waits = update(Job).where(Job.kind == kind, Job.done_at.is_(None))
            db.session.execute(waits.where(Job.failed_at.is_(None)).values(run_at=now))
        return max(left, default=0.0)


def failed(kind: str) -> list[tuple[int, str]]:
    """How often each job that was given up was tried, and what was said at last."""
    rows = select(Job.attempts, Job.last_error).where(Job.kind == kind, Job.failed_at.is_not(None))
    return [(row.attempts, row.last_error) for row in db.session.execute(rows)]


def _changed(settings: Any, values: dict[str, object]) -> Any:
    return replace(settings, **values)
