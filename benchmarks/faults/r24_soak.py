"""A soak: texts and pages at a steady pace, two hours long unless told otherwise (--minutes)

As many texts and pages as the machine gives, up to 100 pages a second. Memory and open files of the
server are looked at all along; the first tenth is for warming up.
"""

from __future__ import annotations

import statistics
import threading
from pathlib import Path

from benchmarks.faults import agreement
from benchmarks.faults.load import under_load
from benchmarks.faults.measuring import memory, open_files
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.writers import Ledger, check_rows, percentile

WRITERS, READERS = 2, 4
READERS_PAUSE = 0.04
"""With four readers, a hundred pages a second."""
SAMPLES = 60
WARM = SAMPLES // 10
MOST_GROWTH_AN_HOUR = 0.01
LARGEST_LOG = 64 * 2**20
SLOWER = 1.2
FEW = 5
QUICK_MINUTES = 0.2


def run(place: Place) -> Outcome:
    checks = Checks()
    minutes = QUICK_MINUTES if place.is_quick else place.minutes
    with place.site() as site:
        server, ledger = site.serve(), Ledger()
        memories, files, between = [], [], threading.Event()
        with under_load(
            server.port, ledger, writers=WRITERS, readers=READERS, pause=READERS_PAUSE
        ) as seen:
            for number in range(SAMPLES):
                between.wait(minutes * 60 / SAMPLES)
                memories.append(memory(server.pid))
                files.append(open_files(server.pid))
                if number % 6 == 5:
                    place.tell(f"{len(ledger.acked)} texts, {memories[-1] // 2**20} MiB")
        log = Path(f"{site.file}-wal") if site.is_sqlite else None
        size = log.stat().st_size if log and log.exists() else 0
        server.stop()
        checks.that("the log is bounded", size <= LARGEST_LOG, size)
        checks.same("every page is shown", set(seen.statuses), {"200"})
        checks.same("no text met a fault", dict(ledger.faults), {})
        check_rows(site, checks, ledger)
        agreement.check(site, checks)
    growth = _growth_an_hour(memories[WARM:], minutes * (SAMPLES - WARM) / SAMPLES / 60)
    if minutes >= 60:  # a share of an hour's growth says nothing about minutes
        checks.that("memory is flat", growth <= MOST_GROWTH_AN_HOUR, f"{growth:.1%} an hour")
    checks.that("open files are flat", max(files[WARM:]) <= files[WARM] + FEW, files[WARM:])
    _check_pace(checks, ledger, seen.seconds, minutes)
    checks.figure(f"memory {memories[WARM] // 2**20} to {memories[-1] // 2**20} MiB")
    checks.figure(f"{minutes:g} minutes of the two hours" if minutes < 120 else "two hours")
    return checks.outcome()


def _growth_an_hour(found: list[int], hours: float) -> float:
    """The slope of a straight line through what was found, as a share of its mean."""
    slope = statistics.linear_regression(range(len(found)), found).slope
    return slope * len(found) / statistics.fmean(found) / hours


def _check_pace(checks: Checks, ledger: Ledger, pages: list[float], minutes: float) -> None:
    twelfth = max(len(pages) // 12, 1)
    first = percentile(pages[twelfth : 2 * twelfth], 0.99)
    last = percentile(pages[-twelfth:], 0.99)
    if minutes >= 60:
        checks.that(
            "pages are as quick at the end", last <= SLOWER * first, f"{first:.0f}, {last:.0f}"
        )
    rates = (
        f"{len(ledger.acked) / minutes / 60:.0f} texts/s, {len(pages) / minutes / 60:.0f} pages/s"
    )
    checks.figure(f"{rates}; p99 of a page {first:.0f} ms first, {last:.0f} ms last")
