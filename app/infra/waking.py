"""Waking the workers: work that was written down begins at once, not when somebody looks next.

In this process an event is set. Where several processes share a Redis, a word is published there
as well; without Redis, or while it is away, the others look every second by themselves.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from flask import current_app

from app.infra import redis_site, running
from app.infra.db import db

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

CHANNEL = "threshold:work"
SECONDS = 0.2
"""How long a commit may wait for Redis at most."""
SILENT_SECONDS = 5.0
"""How long nothing is published after Redis was found away."""
_WANTED = "wake"


class Alarm:
    """What a program's workers sleep on."""

    def __init__(self, redis_url: str) -> None:
        self.event = threading.Event()
        self._url = redis_url
        self._client: Redis | None = None
        self._silent_until = 0.0

    def ring(self) -> None:
        """Wake this process's worker, and those of others."""
        self.event.set()
        if not self._url or monotonic() < self._silent_until:
            return
        try:
            self._connected().publish(CHANNEL, "1")
        except redis_site.away() as away:
            self._silent_until = monotonic() + SILENT_SECONDS
            logger.info("the other workers are not woken: %s", away)

    def wait(self, seconds: float) -> None:
        """Sleep until somebody rings, `seconds` at most."""
        self.event.wait(seconds)
        self.event.clear()

    @contextmanager
    def listening(self, stop: threading.Event) -> Iterator[None]:
        """Hear what other processes ring for as long as the block runs."""
        if not self._url:
            yield
            return
        ear = threading.Thread(target=self._listen, args=(stop,), name="alarm", daemon=True)
        ear.start()
        yield

    def _listen(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                client: Any = redis_site.connected(self._url, socket_connect_timeout=1)
                with client.pubsub() as ear:
                    ear.subscribe(CHANNEL)
                    while not stop.is_set():
                        if ear.get_message(ignore_subscribe_messages=True, timeout=1.0):
                            self.event.set()
            except redis_site.away() as away:
                logger.info("nobody wakes this worker, so it looks by itself: %s", away)
                stop.wait(SILENT_SECONDS)

    def _connected(self) -> Redis:
        if self._client is None:
            self._client = redis_site.connected(
                self._url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS
            )
        return self._client


def alarm() -> Alarm:
    """This program's alarm."""
    kept = running.kept(current_app)
    found: Alarm | None = kept.get("alarm")
    if found is None:
        found = kept.setdefault("alarm", Alarm(running.settings().redis_url))
    return found


def want() -> None:
    """Have the workers woken once this unit of work is committed."""
    db.session().info[_WANTED] = True


def after_commit() -> None:
    """Wake them if it was wanted."""
    if db.session().info.pop(_WANTED, False):
        alarm().ring()


def forget() -> None:
    info: dict[Any, Any] = db.session().info
    info.pop(_WANTED, None)
