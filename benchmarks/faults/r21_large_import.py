"""100,000 comments moved in from another system while the site is read

A made-up WordPress export with known counts is brought in by the command, beside a server that goes
on answering. Nothing is mailed, and the counts by status are those of the file.
"""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import func, select

from app.domains.comments.models import Comment
from app.infra.db import db
from app.infra.jobs import Job
from benchmarks.faults.load import under_load
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Process
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, percentile
from benchmarks.importing import write_export

MEBIBYTE = 2**20
MOST_MEMORY = 300 * MEBIBYTE
LEAST_RATE = 350.0
SLOWER, FLOOR_MILLISECONDS = 2.0, 50.0
"""How much slower a page may be meanwhile; below the floor nobody notices."""
SECONDS = 3600.0


def run(place: Place) -> Outcome:
    checks = Checks()
    comments = place.many(100_000, 1_000)
    with place.site() as site:
        file = site.folder / "export.xml"
        written = write_export(file, comments, place.many(200, 10))
        server = site.serve()
        with under_load(server.port, Ledger(), writers=0, readers=1) as alone:
            until(lambda: sum(alone.statuses.values()) >= 60, 60, what="pages")
        with under_load(server.port, Ledger(), writers=0, readers=1) as seen:
            began = time.monotonic()
            importing = site.run("import", "wordpress", str(file), name="import")
            most = _most_memory(importing)
            lasted = time.monotonic() - began
        checks.same("it ends well", importing.wait(), 0)
        server.stop()
        checks.same("pages are shown meanwhile", set(seen.statuses), {"200"})
        checks.same("the counts are those of the file", site.look(_counts), dict(written))
        checks.same("nothing is mailed", site.look(_mails), 0)
    rate = comments / lasted
    if not place.is_quick:  # of a small file most is the start of the command
        checks.that("350 comments a second", rate >= LEAST_RATE, f"{rate:.0f}")
    checks.that("at most 300 MiB", most <= MOST_MEMORY, f"{most / MEBIBYTE:.0f}")
    usual, busy = percentile(alone.seconds, 0.95), percentile(seen.seconds, 0.95)
    allowed = max(SLOWER * usual, FLOOR_MILLISECONDS)
    checks.that("pages are at most twice as slow", busy <= allowed, f"{usual:.0f}, {busy:.0f} ms")
    checks.figure(f"{comments:,} comments in {lasted:.0f} s, {most / MEBIBYTE:.0f} MiB")
    checks.figure(f"p95 of a page {usual:.0f} ms alone, {busy:.0f} ms meanwhile")
    return checks.outcome()


def _most_memory(process: Process) -> int:
    """The most bytes it had in memory; returns at its end."""
    most = [0]

    def is_over() -> bool:
        status = Path(f"/proc/{process.pid}/status")
        if process.is_running:
            lines = status.read_text().splitlines()
            most.extend(int(one.split()[1]) * 1024 for one in lines if one.startswith("VmHWM:"))
        return not process.is_running

    until(is_over, SECONDS, what="the end of the import", pause=0.2)
    return max(most)


def _counts() -> dict[str, int]:
    rows = db.session.execute(select(Comment.status, func.count()).group_by(Comment.status))
    return dict(rows.tuples().all())


def _mails() -> int:
    mails = select(func.count()).select_from(Job).where(Job.kind.startswith("mail."))
    return db.session.scalar(mails) or 0
