"""What guests wrote and was refused loses its words after a while, in parts, found outside of the
transactions that write; and addresses that nothing hangs on are forgotten (`loose`)."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import timedelta

from app.domains.comments import forgetting
from app.domains.privacy import copies, loose, rows
from app.domains.privacy.terms import Names
from app.infra import audit, jobs, periods, remains
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.periods import Period
from app.infra.unit_of_work import unit_of_work
from app.infra.unnamed import NOBODY

logger = logging.getLogger(__name__)

JOB = "privacy.retention"
AGAIN = timedelta(days=1)
MORE = timedelta(minutes=1)
PIECE = 100
MOST_PIECES = 50
"""In one turn: 5,000 texts. What is left is the next turn's, a minute later."""


def run(job: Job) -> None:
    """The periodic job."""
    gone = forget_refused()
    copies.forget_old(PIECE)
    addresses = loose.forget_addresses()
    if gone >= PIECE * MOST_PIECES:
        with unit_of_work():
            jobs.enqueue(job.kind, {}, after=MORE, unique_key=f"more:{job.kind}")
    if gone or addresses:
        remains.sweep()
    else:
        remains.cut_log()
    logger.info("%s refused texts lost their words, %s addresses are forgotten", gone, addresses)


def forget_refused() -> int:
    """How many texts lost their words now. Commits by itself; safe to repeat and to break off."""
    before, gone, last = periods.before(Period.REFUSED), 0, 0
    for _ in range(MOST_PIECES):
        ids = forgetting.refused_before(before, after=last, limit=PIECE)
        if not ids:
            db.session.rollback()
            break
        with unit_of_work():
            forget_texts(ids)
        gone, last = gone + len(ids), ids[-1]
    return gone


def forget_texts(ids: Collection[int]) -> None:
    """Take these texts' words and all that was made of them; the record keeps what was done to
    them without what it said, so that none of it can be undone."""
    rows.erase(Names.TEXT, ids)
    forgetting.forget(ids, NOBODY)
    audit.say_less("comment", ids, name=NOBODY)
