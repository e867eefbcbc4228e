"""500 readers at once of a page that has just changed

Each wave is let go the moment that a text is let in, so that what was kept is out of date. The page
is drawn once or twice for all of them, and shows the text to everybody. The readers take what comes
and look at it afterwards: else the time that they need for five hundred pages were the server's.
"""

from __future__ import annotations

import gzip
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults import laying
from benchmarks.faults.clients import Client
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES, MODERATORS, Site
from benchmarks.faults.writers import percentile
from tests.factories import PASSWORD

COUNTER = "threshold_kept_pages_total"
MISSED = f'{COUNTER}{{outcome="miss"}}'
MOST_DRAWN = 2
SLOWEST_MILLISECONDS = 1000.0
TOKEN = "a-token-for-the-experiment"  # noqa: S105  (of a server that lives for a minute)

ASKED = (
    f"GET {ARTICLES[0]} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
).encode()


def run(place: Place) -> Outcome:
    checks = Checks()
    readers, waves = place.many(500, 60), place.many(5, 2)
    with place.site(environment={"METRICS_TOKEN": TOKEN}) as site:
        laying.published(site, place.many(200, 40), name="shown")
        ids = laying.waiting(site, waves, name="new")
        server = site.serve()
        moderator = Client(server.port)
        moderator.sign_in(MODERATORS[0], PASSWORD)
        most, slowest = 0, 0.0
        for number, comment_id in enumerate(ids):
            server.client().get(ARTICLES[0])
            _let_in(site, moderator, comment_id, checks)
            before = _drawn(server)
            answers = _at_once(server, readers)
            most = max(most, _drawn(server) - before)
            slowest = max(slowest, percentile([one.seconds for one in answers], 0.99))
            checks.same("all are shown the page", {one.status for one in answers}, {200})
            seen = sum(f"new-{number} waits" in one.text for one in answers)
            checks.same("with the text that was let in", seen, readers)
            place.tell(f"wave {number + 1}: drawn {most} times at most")
        server.stop()
    checks.that("it is drawn at most twice", most <= MOST_DRAWN, most)
    checks.that("p99 is at most a second", slowest <= SLOWEST_MILLISECONDS, f"{slowest:.0f} ms")
    checks.figure(f"{readers} readers at once: drawn {most} times at most, p99 {slowest:.0f} ms")
    return checks.outcome()


def _let_in(site: Site, moderator: Client, comment_id: int, checks: Checks) -> None:
    version = site.look(lambda: db.session.get_one(Comment, comment_id).version)
    item = {"item": f"{comment_id}:{version}", "verb": "approve"}
    answer = moderator.post("/moderation/decide", item)
    checks.that("a text is let in", answer.is_acked, answer.status)


@dataclass(frozen=True)
class Read:
    """All that a server answered, as it came, and how long it took."""

    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        return int(self.raw.split(b" ", 2)[1])

    @property
    def text(self) -> str:
        head, _, body = self.raw.partition(b"\r\n\r\n")
        is_small = b"content-encoding: gzip" in head.lower()
        return (gzip.decompress(body) if is_small else body).decode()


def _at_once(server: Server, readers: int) -> list[Read]:
    barrier = Barrier(readers, timeout=60)

    def read(_number: int) -> Read:
        barrier.wait()
        began = time.perf_counter()
        with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
            line.sendall(ASKED)
            raw = b"".join(iter(lambda: line.recv(65536), b""))
        return Read(raw, time.perf_counter() - began)

    with ThreadPoolExecutor(readers) as threads:
        return list(threads.map(read, range(readers)))


def _drawn(server: Server) -> int:
    """How many pages the server has drawn for keeping, as /metrics tells."""
    answer = server.client().request(
        "GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"}
    )
    if COUNTER not in answer.text:
        raise RuntimeError(f"/metrics ({answer.status}) does not tell what was drawn")
    lines = [line for line in answer.text.splitlines() if line.startswith(MISSED)]
    return int(float(lines[0].rpartition(" ")[2])) if lines else 0
