"""The job that looks whether resources' addresses still lead somewhere, one at a time.

Off unless the operator turns it on: the program calls nobody by itself. Each look is a turn of its
own that asks for the next, so that mail never waits behind it and no host is called twice within
its pause, however many resources it has.
"""

from __future__ import annotations

from datetime import timedelta

from app.domains.resources import links
from app.infra import running
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.outside.fetching import look
from app.infra.unit_of_work import unit_of_work

JOB = "links.check"
PERIOD = timedelta(days=1)
MOST_A_RUN = 500
SEEN_AHEAD = 200
"""Of those that are due, so many are looked through for one whose host may be called."""


def run(job: Job) -> None:
    """Look at what has been waiting longest, and come again while there is more."""
    if not running.settings().link_checks:
        return
    left = int(job.payload.get("left", MOST_A_RUN))
    waiting = links.due(SEEN_AHEAD) if left > 0 else []
    if not waiting:
        return
    resting = links.resting_hosts()
    db.session.rollback()  # the other side may be slow, and nobody else waits for it
    chosen = next((one for one in waiting if one.host not in resting), None)
    if chosen is None:
        with unit_of_work():
            _come_again(left, after=links.PAUSE)
        return
    seen = look(chosen.url, agent=_agent())
    with unit_of_work():
        links.keep(chosen.resource_id, chosen.url, seen)
        _come_again(left - 1)


def _come_again(left: int, after: timedelta = timedelta(0)) -> None:
    """Under the key of the daily plan, so that there are never two such chains."""
    enqueue(JOB, {"left": left}, after=after, unique_key=f"every:{JOB}")


def _agent() -> str:
    return f"Threshold/1.0 (+{running.settings().public_url}; looks whether a link still works)"
