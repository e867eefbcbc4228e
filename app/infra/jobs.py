"""Later work as rows, written in the transaction of its cause and safe to repeat.

A worker claims the oldest due row for five minutes, runs it outside of any write transaction,
and marks it done. A row whose worker died is claimed again when its five minutes are over. What
is done about events later (`happenings`) comes first: it is short, and much of it asks for jobs.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from sqlalchemy import JSON, Index, String, Text, func, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock, happenings, logs, waking
from app.infra.db import Model, UtcDateTime, db
from app.infra.http import metrics
from app.infra.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=16),
)
"""The pauses before each next try of a failed job: over 24 hours in all, then it rests."""
JITTER = 0.25
"""By how much of itself a pause is longer by chance, so that what failed together, because a
server was away, does not come back as one stampede. Never shorter: the day stays a day."""
LONGEST_PAUSES = tuple(pause * (1 + JITTER) for pause in PAUSES)
"""When each of them is over at the latest."""
KEPT = timedelta(days=90)
"""How long a job that is done is known; longer ago, nobody asks whether something was done."""
HANDLE = "events.handle"
"""The kind of job that an event becomes when it could not be handled."""
PLANNING_SECONDS = 60.0
"""How often a worker looks whether a periodic job is missing."""

JobFunction = Callable[["Job"], None]


class PermanentFailure(Exception):
    """Trying again cannot help; the text is kept for the operator."""


class Postponed(Exception):
    """It cannot be done before `until`, and that is nobody's failure."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until:%Y-%m-%d %H:%M}")
        self.until = until


def _asking() -> str | None:
    found = logs.bound("request_id")
    return found if isinstance(found, str) else None


class Job(Model):
    """One piece of later work. `unique_key` holds only while the job waits, `once_key` as long as
    the row is kept. What failed for good rests with `failed_at`; if `done_at` is set as well,
    somebody has laid it aside."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "done_at", "failed_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    request_id: Mapped[str | None] = mapped_column(String(64), default=_asking)
    """The request that caused it, so that its lines in the log can be found by that one name."""
    once_key: Mapped[str | None] = mapped_column(String(200), unique=True, index=True)
    """Who is told of which cause. Nothing else is queued under it, so that nobody is told twice."""
    address_id: Mapped[int | None]
    """Of a mail that could not be sent: whose mailbox it was for, so that the admin sees it.
    Personal, and kept as long as the row."""


GAVE_UP = (Job.done_at.is_(None), Job.failed_at.is_not(None))
"""What failed for good, and nobody has laid aside. Said of `done_at` first, by which the index
begins: what was done is not walked through."""


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    after: timedelta = timedelta(0),
    unique_key: str | None = None,
    once_key: str | None = None,
) -> Job | None:
    """Add a job in the caller's transaction; None when a job with this unique key waits already, or
    one with this once key was done, waits or was laid aside. One that failed is tried anew."""
    job = Job(
        kind=kind,
        payload=payload,
        run_at=clock.now() + after,
        unique_key=unique_key,
        once_key=once_key,
    )
    if not after:
        waking.want()
    if once_key is not None:
        return _enqueue_once(job)
    if unique_key is None:
        db.session.add(job)
        db.session.flush()
        return job
    # Locked, so that no worker starts on it before this act is there for it to see.
    waiting = select(Job.id).where(Job.unique_key == unique_key).with_for_update()
    if db.session.scalar(waiting) is not None:
        return None
    return _added(job)


def _enqueue_once(job: Job) -> Job | None:
    known = db.session.scalar(select(Job).where(Job.once_key == job.once_key).with_for_update())
    if known is None:
        return _added(job)
    if known.failed_at is None or known.done_at is not None:
        return None
    known.payload = job.payload
    try_anew(known, at=job.run_at)
    return known


def _added(job: Job) -> Job | None:
    try:
        with db.session.begin_nested():  # somebody else may add the same at this very moment
            db.session.add(job)
    except IntegrityError:
        return None
    return job


def try_anew(job: Job, *, at: datetime) -> None:
    """Let a job that failed for good begin again from its first try."""
    job.failed_at, job.locked_until = None, None
    job.attempts, job.run_at = 0, at
    db.session.flush()


def plan(periods: Mapping[str, timedelta]) -> None:
    """See to it that each of these kinds of job waits for its next turn, a period after the last.

    Commits by itself. Any number of workers may call it; one job of a kind waits at a time.
    """
    for kind, period in periods.items():
        open_job = select(Job.id).where(
            Job.kind == kind, Job.done_at.is_(None), Job.failed_at.is_(None)
        )
        if db.session.scalar(open_job.limit(1)) is not None:
            continue
        ended = func.coalesce(Job.done_at, Job.failed_at)
        last = db.session.scalar(select(func.max(ended)).where(Job.kind == kind))
        now = clock.now()
        due = now if last is None else max(now, last + period)
        with unit_of_work():
            enqueue(kind, {}, after=due - now, unique_key=f"every:{kind}")
    db.session.rollback()


def claim() -> Job | None:
    """Take the oldest due job for five minutes; two workers never take the same one."""
    now = clock.now()
    due = (
        select(Job.id)
        .where(
            Job.done_at.is_(None),
            Job.failed_at.is_(None),
            Job.run_at <= now,
            (Job.locked_until.is_(None)) | (Job.locked_until < now),
        )
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if db.session.scalar(due.with_only_columns(Job.id)) is None:
        db.session.rollback()
        return None  # an idle worker takes no write lock
    with unit_of_work():
        taken = db.session.scalar(
            update(Job)
            .where(Job.id == due.scalar_subquery())  # IN may be planned as a loop: many rows
            .values(locked_until=now + CLAIM, attempts=Job.attempts + 1, unique_key=None)
            .returning(Job.id)
        )
    return db.session.get(Job, taken) if taken is not None else None


def react() -> bool:
    """Do what is to be done about events, some at a time; True when there were any that could be
    handled now."""
    if not happenings.waiting(1):
        db.session.rollback()
        return False
    try:
        with unit_of_work():
            return happenings.handle_waiting() > 0
    except OperationalError:
        raise
    except Exception:
        logger.exception("of some events one could not be handled; they are taken one by one")
        _react_to_one()
        return True


def _react_to_one() -> None:
    """Handle the oldest event; put it aside as a job where that fails again."""
    try:
        with unit_of_work():
            happenings.handle_waiting(1)
    except OperationalError:
        raise
    except Exception:
        logger.exception("an event is put aside and tried again later")
        with unit_of_work():
            for row in happenings.waiting(1):
                enqueue(HANDLE, {"kind": row.kind, "facts": row.facts}, after=PAUSES[0])
                happenings.forget([row.id])


def _handle(job: Job) -> None:
    """What the event said may be a typed address, and is forgotten in the transaction in which it
    is handled; so it is handled once though the worker dies right then."""
    job_id, kind, facts = job.id, job.payload["kind"], job.payload["facts"]
    if facts is None:
        return
    with unit_of_work():
        happenings.handle(kind, facts)
        handled = update(Job).where(Job.id == job_id).values(payload={"kind": kind, "facts": None})
        db.session.execute(handled, execution_options={"synchronize_session": False})


OWN: Mapping[str, JobFunction] = {HANDLE: _handle}


def run_one(functions: Mapping[str, JobFunction]) -> bool:
    """Claim and run one job; True when there was one. A failure is written beside it and logged."""
    job = claim()
    if job is None:
        return False
    job_id, kind, attempts = job.id, job.kind, job.attempts
    logs.bind(job_id=job_id, job_kind=kind, request_id=job.request_id)
    try:
        return _run(functions, job, job_id, kind, attempts)
    finally:
        logs.unbind()


def _run(
    functions: Mapping[str, JobFunction], job: Job, job_id: int, kind: str, attempts: int
) -> bool:
    try:
        function = functions.get(kind) or OWN.get(kind)
        if function is None:
            raise PermanentFailure(f"nothing runs jobs of the kind {kind!r}")
        function(job)
    except Postponed as postponed:
        db.session.rollback()
        logger.info("job %s (%s) waits: %s", job_id, kind, postponed)
        metrics.job_runs.labels(kind, "again").inc()
        _release(job_id, run_at=postponed.until)
    except Exception as wrong:  # noqa: BLE001  (whatever it was is kept beside the job)
        db.session.rollback()
        logger.warning("job %s (%s) failed, try %s: %s", job_id, kind, attempts, wrong)
        again = _put_back(job_id, attempts, wrong)
        metrics.job_runs.labels(kind, "again" if again else "failed").inc()
    else:
        metrics.job_runs.labels(kind, "done").inc()
        db.session.rollback()
        _release(job_id, done_at=clock.now())
    return True


def is_last_try(attempts: int) -> bool:
    """Whether a job that fails now rests for good; `attempts` counts this try."""
    return attempts > len(PAUSES)


def _put_back(job_id: int, attempts: int, wrong: Exception) -> bool:
    """Write what went wrong beside the job; whether it is tried again."""
    final = isinstance(wrong, PermanentFailure) or is_last_try(attempts)
    now = clock.now()
    values: dict[str, Any] = {
        "last_error": f"{type(wrong).__name__}: {wrong}"[:2000].replace("\x00", ""),
    }
    if final:
        values["failed_at"] = now
    else:
        values["run_at"] = now + _pause(attempts)
    _release(job_id, **values)
    return not final


def _release(job_id: int, **values: Any) -> None:
    with unit_of_work():
        letting_go = update(Job).where(Job.id == job_id).values(locked_until=None, **values)
        db.session.execute(letting_go)


def _pause(attempts: int) -> timedelta:
    return PAUSES[attempts - 1] * random.uniform(1, 1 + JITTER)  # noqa: S311  (guards nothing)


def run_due(functions: Mapping[str, JobFunction]) -> int:
    """Do all that is due now; how many jobs ran."""
    ran = 0
    while True:
        if react():
            continue
        if not run_one(functions):
            return ran
        ran += 1


def run_forever(
    functions: Mapping[str, JobFunction],
    stop: threading.Event,
    *,
    periods: Mapping[str, timedelta] | None = None,
    pause: float = 1.0,
) -> None:
    """Run what is due, again and again, when woken and every `pause` seconds, until `stop` is set.

    `periods` are the kinds of job that come back by themselves, and how often.
    """
    planned = float("-inf")
    while not stop.is_set():
        try:
            if periods and monotonic() - planned > PLANNING_SECONDS:
                plan(periods)
                planned = monotonic()
            busy = react() or run_one(functions)
        except Exception:
            logger.exception("the worker could not reach its queue and tries again")
            db.session.rollback()
            busy = False
        finally:
            db.session.remove()
        if not busy and not stop.is_set():
            waking.alarm().wait(pause)


def waiting() -> tuple[int, datetime | None, int]:
    """How many jobs wait, since when the oldest is due, and how many have failed for good."""
    open_jobs = Job.done_at.is_(None) & Job.failed_at.is_(None)
    count, oldest = db.session.execute(
        select(func.count(), func.min(Job.run_at)).where(open_jobs)
    ).one()
    failed = db.session.scalar(select(func.count()).where(*GAVE_UP)) or 0
    return count, oldest, failed
