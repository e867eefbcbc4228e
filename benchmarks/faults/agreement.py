"""Whether what is counted, indexed and queued agrees with the rows that it was made from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, text, update

from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.infra import clock, jobs
from app.infra.db import db, is_postgresql
from app.infra.happenings import Happening
from app.infra.jobs import Job
from app.infra.repeats import AnsweredRequest
from app.infra.unit_of_work import unit_of_work
from app.search.models import SearchDocument, SearchPosting, SearchStem
from benchmarks.faults.outcome import Checks
from benchmarks.faults.sites import Site


def check(site: Site, checks: Checks, *, drain: bool = True) -> None:
    """Look at all of it. `drain` does first what waits for a worker, what a killed one held
    included: none may run meanwhile."""
    with site.inside():
        now = clock.now()
        if drain:
            pass_the_pauses()
            jobs.run_due(site.program.extensions["jobs"])
            db.session.rollback()
        _check_file(checks)
        _check_queue(checks, now)
        _check_search(checks)
        _check_keys(checks)


def pass_the_pauses() -> None:
    """As if the five minutes were over for which a killed worker had taken its job, and the pause
    before what failed is tried again."""
    is_open = (Job.done_at.is_(None), Job.failed_at.is_(None))
    with unit_of_work():
        held = update(Job).where(*is_open, Job.locked_until.is_not(None))
        db.session.execute(held.values(locked_until=None))
        later = update(Job).where(*is_open, Job.attempts > 0, Job.run_at > clock.now())
        db.session.execute(later.values(run_at=clock.now()))


def _check_file(checks: Checks) -> None:
    if is_postgresql():
        return  # its own log is replayed at its start; what it holds is compared below
    found = db.session.execute(text("PRAGMA integrity_check")).scalars().all()
    checks.same("integrity_check says ok", list(found), ["ok"])
    broken = db.session.execute(text("PRAGMA foreign_key_check")).all()
    checks.none("every reference leads to a row", list(broken))


def _check_queue(checks: Checks, by: datetime) -> None:
    """`by` is when the draining began: what fell due since waits for the next."""
    events = db.session.scalar(select(func.count()).select_from(Happening))
    checks.same("no event is left undone", events, 0)
    failed = db.session.scalars(select(Job.last_error).where(Job.failed_at.is_not(None))).all()
    checks.none("no job has failed for good", list(failed))
    due = select(Job.kind).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at < by)
    checks.none("no job that is due is left undone", list(db.session.scalars(due)))


def _check_search(checks: Checks) -> None:
    questions = select(Comment.id).where(
        Comment.kind == Kind.QUESTION, Comment.status == Status.APPROVED
    )
    indexed = select(SearchDocument.ref).where(SearchDocument.kind == "question")
    published = set(db.session.scalars(questions))
    checks.same(
        "the search index holds the published questions and no others",
        set(db.session.scalars(indexed)) ^ published,
        set(),
    )
    recount = select(SearchPosting.stem, func.count()).group_by(SearchPosting.stem)
    counted = set(map(tuple, db.session.execute(recount)))
    kept = select(SearchStem.stem, SearchStem.spread).where(SearchStem.spread > 0)
    spread = set(map(tuple, db.session.execute(kept)))
    checks.that("the spread of each stem is what a recount gives", counted == spread)


def _check_keys(checks: Checks) -> None:
    lost = select(AnsweredRequest.subject_id).where(
        AnsweredRequest.subject_id.is_not(None),
        AnsweredRequest.subject_id.not_in(select(Comment.id)),
    )
    checks.none("every key that was answered leads to its row", list(db.session.scalars(lost)))
