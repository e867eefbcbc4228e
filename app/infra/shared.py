"""What several processes tell each other for moments, in Redis; the database stays the judge.

Whoever asks must do without an answer: there may be no Redis, or none just now.
"""

from __future__ import annotations

import logging
from time import monotonic

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.infra import running

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.2
SULK_SECONDS = 2.0
"""How long nobody is asked after no answer came, so that a Redis that hangs costs one request a
fifth of a second, and not each."""
PREFIX = "threshold:"
Away = redis.RedisError
"""What every call may raise; tell `away` of it."""


def client() -> redis.Redis | None:
    """The Redis of this site; None where it has none, or where none answered just now."""
    kept = running.kept()
    if monotonic() < kept.get("redis away until", 0.0):
        return None
    return certain_client()


def certain_client() -> redis.Redis | None:
    """The same for those who must try, however it was a moment ago."""
    kept = running.kept()
    url = running.settings().redis_url
    if url and "redis" not in kept:
        kept["redis"] = redis.Redis.from_url(
            url,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    found: redis.Redis | None = kept.get("redis")
    return found


def away(wrong: redis.RedisError) -> None:
    """Note that no answer came."""
    running.kept()["redis away until"] = monotonic() + SULK_SECONDS
    logger.warning("redis does not answer, so each process does without: %s", wrong)
