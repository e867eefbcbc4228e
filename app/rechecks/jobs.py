"""The job that finds the answers to look at again, a stretch of ids in each transaction."""

from __future__ import annotations

from app.domains.moderation import rechecking
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work


def recheck(job: Job) -> None:
    """Mark what links to the job's paths, typed as a path or as a full address. Safe to repeat."""
    paths, reason = job.payload["paths"], job.payload["reason"]
    addresses = [address for path in paths for address in (path, absolute(path))]
    place: int | None = 0
    while place is not None:
        with unit_of_work():
            place = rechecking.mark(addresses, reason, after=place)
