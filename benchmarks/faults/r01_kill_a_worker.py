"""kill -9 a worker in the middle of 1,000 posts

Four writers send 250 texts each, every one under a key of its own and again after a reset or a
fault, while one of gunicorn's three processes is killed after every hundred answers, and the
process that does the later work once.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from benchmarks.faults import agreement
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Process, Server
from benchmarks.faults.sites import Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, percentile, writing

WRITERS = 4
PROCESSES = 3
"""One is killed while the one before may still be starting, for seconds on a busy machine."""
SOON_SECONDS = 3.0
"""Until the first text is taken after a kill."""


def run(place: Place) -> Outcome:
    checks = Checks()
    posts, kills = place.many(1000, 80), place.many(10, 2)
    with place.site() as site:
        server, worker = site.gunicorn(workers=PROCESSES), site.worker()
        ledger = Ledger()
        pauses = []
        with writing(server.port, WRITERS, posts // WRITERS, ledger) as busy:
            for number in range(1, kills + 1):
                reached = number * posts // (kills + 1)
                until(lambda reached=reached: len(ledger.acked) >= reached, 600, what="answers")  # type: ignore[misc]
                pauses.append(_kill_one(server, number, ledger, busy))
                if number == kills // 2:
                    worker = _restarted(site, worker)
                place.tell(f"{number} killed, {len(ledger.acked)} acked")
        server.stop()
        worker.stop()
        check_rows(site, checks, ledger, wanted=posts)
        agreement.check(site, checks)
    slowest = max(pauses)
    checks.that("the next text is taken within 3 s of a kill", slowest <= SOON_SECONDS, slowest)
    checks.figure(f"{kills} kills, next 2xx after {min(pauses):.2f} to {slowest:.2f} s")
    checks.figure(f"p99 of a post {percentile(ledger.seconds, 0.99):.0f} ms")
    return checks.outcome()


def _kill_one(server: Server, number: int, ledger: Ledger, busy: Callable[[], bool]) -> float:
    """Kill a process that serves; seconds until the next text is taken."""
    serving = until(server.children, 60, what="a process that serves")
    before = len(ledger.acked)
    os.kill(serving[number % len(serving)], signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: len(ledger.acked) > before or not busy(), 60, what="a text taken after the kill")
    return time.monotonic() - killed


def _restarted(site: Site, worker: Process) -> Process:
    worker.kill()
    return site.worker()
