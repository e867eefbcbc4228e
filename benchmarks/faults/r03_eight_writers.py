"""Eight processes write to one SQLite file, while others read, copy and decide on a thousand

Eight processes of gunicorn take 500 texts each; four readers read; a moderator lets 1,000 texts in
at once, which a worker does; a backup is made; and one connection reads in a transaction that stays
open for ten seconds.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import SQLITE, db
from benchmarks.faults import agreement, laying
from benchmarks.faults.clients import NO_ANSWER, Client
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, MODERATORS, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, percentile, writing
from tests.factories import PASSWORD

DATABASES = ("sqlite",)
WRITERS, READERS = 8, 4
LARGEST_LOG = 64 * 2**20
SLOWEST_MILLISECONDS = 1000.0
LOCKED = "database is locked"


def run(place: Place) -> Outcome:
    checks = Checks()
    posts, decided = place.many(4000, 80), place.many(1000, 40)
    with place.site() as site:
        laying.waiting(site, decided)
        server = site.gunicorn(workers=place.many(WRITERS, 2))
        worker = site.worker()
        moderator = Client(server.port)
        moderator.sign_in(MODERATORS[0], PASSWORD)
        ledger, read = Ledger(), Counter[str]()
        began = time.monotonic()
        with _reading(server.port, read), _held_open(site, place.many(10, 1)):
            with writing(server.port, WRITERS, posts // WRITERS, ledger):
                answer = moderator.post("/moderation/batches", {"verb": "approve", "wish": ""})
                checks.same("a thousand are let in at once", answer.status, 303)
                backup = site.run("backup", "--to", str(site.folder / "backups"), name="backup")
                code = backup.wait(600)
                checks.that("the backup is made", code == 0, backup.said()[-300:])
            lasted = time.monotonic() - began
        place.tell(f"{len(ledger.acked)} acked")
        until(lambda: site.look(_laid_and_waiting) == 0, 600, what="all let in", pause=0.5)
        server.stop()
        worker.stop()
        checks.same("readers get pages", set(read) - {"200"}, set())
        check_rows(site, checks, ledger, wanted=posts)
        said = "".join(path.read_text(errors="replace") for path in site.folder.glob("*.log"))
        checks.same("nobody was told that the database is locked", said.count(LOCKED), 0)
        agreement.check(site, checks)
        log = site.file.with_name(site.file.name + "-wal")
        size = log.stat().st_size if log.exists() else 0
        checks.that("the write-ahead log is at most 64 MiB afterwards", size <= LARGEST_LOG, size)
    p99 = percentile(ledger.seconds, 0.99)
    checks.that("p99 of a post is at most a second", p99 <= SLOWEST_MILLISECONDS, f"{p99:.0f} ms")
    checks.figure(f"{len(ledger.acked) / lasted:.0f} posts/s, p99 {p99:.0f} ms")
    checks.figure(f"{sum(read.values())} pages read meanwhile, log {size / 2**20:.1f} MiB")
    return checks.outcome()


def _laid_and_waiting() -> int:
    waits = select(func.count()).where(
        Comment.status == Status.PENDING, Comment.author_name.like("Laid %")
    )
    return db.session.scalar(waits) or 0


@contextmanager
def _reading(port: int, seen: Counter[str]) -> Iterator[None]:
    """Readers who go on until the block ends; what they were answered is counted."""
    stop = threading.Event()

    def read() -> None:
        client = Client(port)
        while not stop.is_set():
            for path in (ARTICLES[0], "/", "/questions/"):
                try:
                    seen[str(client.get(path).status)] += 1
                except NO_ANSWER as wrong:
                    seen[repr(wrong)] += 1

    with ThreadPoolExecutor(READERS) as threads:
        reading = [threads.submit(read) for _ in range(READERS)]
        try:
            yield
        finally:
            stop.set()
        for one in reading:
            one.result()


@contextmanager
def _held_open(site: Site, seconds: float) -> Iterator[None]:
    """A read transaction that stays open for so long: the log cannot be cleared meanwhile."""
    opened = threading.Event()

    def hold() -> None:
        with closing(SQLITE.connect(str(site.file))) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM comment").fetchone()
            opened.set()
            threading.Event().wait(seconds)

    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        if not opened.wait(60):
            holding.result()
        yield
        holding.result()
