"""Backups under load, each put back elsewhere and compared with what was acked before it began

Four writers go on while one backup after the other is made and restored into an empty site.
Whatever was acked before a backup began must be in it, and nothing in it may be half of something.
"""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.faults import agreement, laying
from benchmarks.faults.load import under_load
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import Site
from benchmarks.faults.writers import Ledger, check_rows, percentile, rows_by_key, writing
from tests.support import postgres

WRITERS = 4
SECONDS = 600.0
LONGEST_RESTORE = 60.0


def run(place: Place) -> Outcome:
    checks = Checks()
    times = place.many(20, 1)
    programs = {"POSTGRES_PROGRAMS": postgres.client_programs()}
    with place.site(environment=programs) as site:
        laying.waiting(site, place.many(10_000, 50))
        server, worker = site.gunicorn(workers=2), site.worker()
        alone, beside = Ledger(), Ledger()
        with writing(server.port, WRITERS, place.many(100, 10), alone, name="alone"):
            pass
        longest = 0.0
        with under_load(server.port, beside, writers=WRITERS, readers=0):
            for number in range(1, times + 1):
                lasted = _round_trip(place, site, checks, programs, alone, beside)
                longest = max(longest, lasted)
                place.tell(f"{number} of {times} backups, {len(beside.acked)} acked")
        server.stop()
        worker.stop()
        check_rows(site, checks, beside)
    checks.that("a restore takes a minute at most", longest <= LONGEST_RESTORE, f"{longest:.0f} s")
    before, after = percentile(alone.seconds, 0.99), percentile(beside.seconds, 0.99)
    if not place.is_quick:  # of so few posts there is no p99
        found = f"{before:.0f} ms alone, {after:.0f} ms beside"
        checks.that("backups do not raise p99 above twice", after <= 2 * before, found)
    checks.figure(f"{times} backups, longest restore {longest:.0f} s")
    checks.figure(f"p99 of a post {before:.0f} ms without and {after:.0f} ms with backups")
    return checks.outcome()


def _round_trip(
    place: Place,
    site: Site,
    checks: Checks,
    programs: dict[str, str],
    alone: Ledger,
    beside: Ledger,
) -> float:
    """Back up, restore into a site of its own and look there; seconds of the restore."""
    folder = site.folder / "backups"
    acked = {*alone.acked, *beside.acked}
    made = site.run("backup", "--to", str(folder), name="backup")
    code = made.wait(SECONDS)
    came = len(alone.acked) + len(beside.acked) - len(acked)
    checks.that("each backup is made", code == 0, made.said()[-300:])
    file = _newest(folder)
    with place.site(environment=programs) as elsewhere:
        began = time.monotonic()
        restored = elsewhere.run("restore", str(file), "--yes", name="restore")
        code = restored.wait(SECONDS)
        lasted = time.monotonic() - began
        checks.that("each is put back elsewhere", code == 0, restored.said()[-300:])
        found = elsewhere.look(rows_by_key)
        checks.none("what was acked before a backup is in it", acked - set(found))
        checks.none("nothing in it stands twice", {key for key in found if found[key] > 1})
        agreement.check(elsewhere, checks)
    checks.that("texts came in meanwhile", came > 0)
    file.unlink()
    return lasted


def _newest(folder: Path) -> Path:
    return max(folder.glob("threshold-*.tar"), key=lambda path: path.stat().st_mtime)
