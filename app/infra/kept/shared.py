"""Kept pages in Redis, where several processes serve: what one has drawn the others give out.

Nothing that comes from there is believed unless it is signed with the site's secret for this very
page. Where Redis is away or slow, pages are drawn; it is then left alone for a while.
"""

from __future__ import annotations

import hashlib
import logging
import time

from app.infra import redis_site
from app.infra.kept.pages import Page, packed, unpacked

logger = logging.getLogger(__name__)

SECONDS = 0.2
REST_SECONDS = 5.0
PREFIX = "threshold:page:"


class Shared:
    def __init__(self, url: str, secret: str, *, most_seconds: int) -> None:
        self._redis = redis_site.connected(
            url, is_patient=False, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        )
        self._secret = hashlib.sha256(b"kept pages\0" + secret.encode()).digest()
        self._most_seconds = most_seconds
        self._away_until = float("-inf")

    def get(self, key: str, stamp: str) -> Page | None:
        """The page that any process of this release and these settings has kept."""
        if time.monotonic() < self._away_until:
            return None
        place = self._place(key, stamp)
        try:
            stored = self._redis.get(place)
        except redis_site.away() as wrong:
            self._leave_alone(wrong)
            return None
        return unpacked(stored, place, self._secret) if isinstance(stored, bytes) else None

    def put(self, key: str, page: Page) -> None:
        if time.monotonic() < self._away_until:
            return
        place = self._place(key, page.stamp)
        try:
            self._redis.set(place, packed(page, place, self._secret), ex=self._most_seconds)
        except redis_site.away() as wrong:
            self._leave_alone(wrong)

    def _place(self, key: str, stamp: str) -> str:
        return f"{PREFIX}{stamp}:{hashlib.sha256(key.encode()).hexdigest()}"

    def _leave_alone(self, wrong: Exception) -> None:
        self._away_until = time.monotonic() + REST_SECONDS
        logger.warning("Redis keeps no pages for %d s: %s", REST_SECONDS, wrong)
