"""The clock moves an hour back, a day on and back again, and is five seconds ahead elsewhere

The servers run under libfaketime, whose file moves their clock while they run. Forms that were open
before are sent after; nobody is shut out for longer than a limit lasts; what was planned is done
once. A change to summer time is no change here, for all times are in UTC.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.infra.db import db
from app.infra.jobs import Job
from benchmarks.faults import agreement
from benchmarks.faults.clients import Client, comment
from benchmarks.faults.outcome import Checks, NotHere, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES, AUTHOR, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, opened
from tests.factories import PASSWORD

LIBRARY = "faketime/libfaketimeMT.so.1"
ODD_AGE = re.compile(r"(?:in )?[-\u2212]\d+ (?:second|minute|hour|day)")
MOVES = ("+0", "-1h", "+0", "+1d", "+0")
TOO_MANY = 429
PREVIEWS = 45
"""More than a minute's limit of them."""


SLEEPS = """\
import select, time
time.sleep = lambda seconds: select.select([], [], [], max(0, seconds)) and None
"""
"""What Python reads before it starts a program. Where libfaketime leaves the steady clock alone it
hands the system a negative time for every sleep by that clock, which refuses it."""


class Clock:
    """The clock of the processes that are started with `environment`."""

    def __init__(self, folder: Path, name: str, by: str = "+0") -> None:
        self._file = folder / f"{name}.clock"
        self.move(by)
        (folder / "sitecustomize.py").write_text(SLEEPS)
        self.environment = {
            "PYTHONPATH": str(folder),
            "LD_PRELOAD": _library(),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def serve(self, site: Site) -> Server:
        environment: dict[str, Any] = self.environment
        return site.serve(name=self._file.stem, **environment)

    def move(self, by: str) -> None:
        """`by` is as faketime writes it: +1d, -1h, +5s."""
        begun = self._file.with_suffix(".begun")
        begun.write_text(f"{by}\n")
        begun.rename(self._file)


def run(place: Place) -> Outcome:
    checks = Checks()
    with place.site() as site:
        _texts(site, checks, place.many(5, 2))
    with place.site(environment={"RATE_LIMITS": "1"}) as site:
        _limits(site, checks)
    checks.figure(f"moved by {', '.join(MOVES[1:])}; five seconds ahead elsewhere")
    return checks.outcome()


def _texts(site: Site, checks: Checks, texts: int) -> None:
    here, ahead = Clock(site.folder, "here"), Clock(site.folder, "ahead", "+5s")
    server = here.serve(site)
    other = ahead.serve(site)
    chance, ledger = random.Random(15), Ledger()  # noqa: S311  (words, not secrets)
    author = Client(server.port)
    author.sign_in(AUTHOR, PASSWORD)
    before: list[str] = []
    for number, by in enumerate(MOVES):
        writer, elsewhere = opened(server.port), opened(other.port)
        elsewhere.port = server.port
        here.move(by)
        for client, name in ((writer, "moved"), (author, "author"), (elsewhere, "elsewhere")):
            for again in range(texts):
                key = f"{name}-{number}-{again}"
                fields = comment(key, chance)
                answer = client.post(f"{ARTICLES[0]}/ask", fields, key=key)
                checks.same(f"{name}: texts are taken after {by}", answer.status, 303)
                ledger.note(key, answer)
        page = server.client().get(ARTICLES[0])
        checks.none("no age is below nothing", ODD_AGE.findall(page.text))
        order = re.findall(r'id="c(?:omment)?-?(\d+)"', page.text)
        kept = [one for one in order if one in before]
        checks.same("the order stays", kept, [one for one in before if one in order])
        before = order
    here.move("+2d")
    until(lambda: site.look(_due) == 0, 60, what="what was planned", pause=0.2)
    server.stop()
    other.stop()
    checks.none("nothing periodic is planned twice", site.look(_planned_twice))
    checks.same("each text has one mail to its writer", *site.look(_mails))
    ledger.acked = [key for key in ledger.acked if not key.startswith("author")]
    check_rows(site, checks, ledger)
    agreement.check(site, checks)


def _limits(site: Site, checks: Checks) -> None:
    clock = Clock(site.folder, "here", "+1d")
    server = clock.serve(site)
    reader = opened(server.port)

    def preview() -> int:
        return reader.post("/preview", {"body": "What of this?"}).status

    tried = [preview() for _ in range(PREVIEWS)]
    checks.that("the limit is there", TOO_MANY in tried, Counter(tried))
    clock.move("+0")
    checks.same("who was limited a day ahead is not for a day", preview(), 200)
    server.stop()


def _due() -> int:
    mails = Job.kind == "mail.received"
    return db.session.scalar(select(func.count()).where(mails, Job.done_at.is_(None))) or 0


def _planned_twice() -> list[str]:
    waiting = select(Job.unique_key).where(
        Job.unique_key.like("every:%"), Job.done_at.is_(None), Job.failed_at.is_(None)
    )
    found = Counter(db.session.scalars(waiting))
    return [str(name) for name, times in found.items() if times > 1]


def _mails() -> tuple[int, int]:
    sent = select(Job.payload).where(Job.kind == "mail.received", Job.done_at.is_not(None))
    told = [payload["comment_id"] for payload in db.session.scalars(sent)]
    return len(told), len(set(told))


def _library() -> str:
    for folder in ("/usr/lib", "/usr/lib64", "/usr/local/lib"):
        for found in Path(folder).glob(f"**/{LIBRARY}"):
            return str(found)
    raise NotHere("libfaketime is not installed")
