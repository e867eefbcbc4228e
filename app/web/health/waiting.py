"""What waits, asked of the database when somebody measures: the same from every process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from app.domains.moderation.queue import waiting as texts_waiting
from app.infra import clock, jobs
from app.infra.db import db

logger = logging.getLogger(__name__)


class Waiting(Collector):
    """Jobs and texts; `threshold_up` is 0, and the rest is missing, where the database is away."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            jobs_waiting, oldest_job, failed = jobs.waiting()
            texts, oldest_text = texts_waiting.in_all()
        except SQLAlchemyError as wrong:
            db.session.rollback()
            logger.warning("what waits could not be counted: %s", wrong)
            yield _gauge("threshold_up", "Whether the database answers.", 0)
            return
        yield _gauge("threshold_up", "Whether the database answers.", 1)
        yield _gauge("threshold_jobs_waiting", "Jobs that wait.", jobs_waiting)
        yield _gauge(
            "threshold_jobs_oldest_seconds", "How late the oldest job is.", _age(oldest_job)
        )
        yield _gauge("threshold_jobs_failed", "Jobs that have failed for good.", failed)
        yield _gauge("threshold_texts_waiting", "Texts that wait for a decision.", texts)
        yield _gauge(
            "threshold_texts_oldest_seconds", "How long the oldest text waits.", _age(oldest_text)
        )


def _age(since: datetime | None) -> float:
    """Seconds; 0 for a time that has not come."""
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)
