"""What several processes tell each other for moments, in Redis; the database stays the judge.

Whoever asks must do without an answer: there may be no Redis, or none just now.
"""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING

from app.infra import redis_site, running

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.2
SULK_SECONDS = 2.0
"""How long nobody is asked after no answer came, so that a Redis that hangs costs one request a
fifth of a second, and not each."""
PREFIX = "threshold:"


def client() -> Redis | None:
    """The Redis of this site; None where it has none, or where none answered just now."""
    kept = running.kept()
    if monotonic() < kept.get("redis away until", 0.0):
        return None
    return certain_client()


def certain_client() -> Redis | None:
    """The same for those who must try, however it was a moment ago."""
    kept = running.kept()
    url = running.settings().redis_url
    if url and "redis" not in kept:
        kept["redis"] = redis_site.connected(
            url,
            is_patient=False,
            socket_connect_timeout=PATIENCE_SECONDS,
            socket_timeout=PATIENCE_SECONDS,
        )
    found: Redis | None = kept.get("redis")
    return found


def away(wrong: Exception) -> None:
    """Note that no answer came (`redis_site.away` says what is raised then)."""
    running.kept()["redis away until"] = monotonic() + SULK_SECONDS
    logger.warning("redis does not answer, so each process does without: %s", wrong)
