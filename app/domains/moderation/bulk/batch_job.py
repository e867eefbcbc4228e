"""The job that works off a batch, one part a turn, so that mail never waits behind it."""

from __future__ import annotations

from app.domains.moderation.bulk import batches
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work


def run(job: Job) -> None:
    """Do one part. The job for the next one is written with it: whatever happens after, the line
    has exactly one job for what is left."""
    batch_id = job.payload["batch_id"]
    with unit_of_work():
        batches.run_part(batch_id)
