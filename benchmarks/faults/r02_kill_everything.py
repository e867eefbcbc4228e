"""kill -9 of the whole process group at random points, and what stood on the disk then

The server and the worker in it are killed while four writers send texts and an author publishes
questions. At each kill the database's files are copied and opened apart. Then one text after the
other is sent to a server that strace watches: the disk must be waited for between each text and its
answer, for then an answered text survives a power cut (`synchronous=FULL`, app/README.md).
"""

from __future__ import annotations

import random
import re
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.faults import agreement
from benchmarks.faults.clients import Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import free_port
from benchmarks.faults.sites import ARTICLES, AUTHOR, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, opened, rows_by_key, write
from tests.factories import PASSWORD

PATIENCE = 300.0
_SYNC = re.compile(r"\bf(?:data)?sync\(")


def run(place: Place) -> Outcome:
    checks = Checks()
    kills = place.many(20, 1)
    chance = random.Random()  # noqa: S311  (another point each time: that is the experiment)
    with place.site() as site:
        ledger, port = Ledger(), free_port()
        server = site.serve(port=port)
        author = Client(port)
        author.sign_in(AUTHOR, PASSWORD)
        with _at_work(port, author, ledger):
            for number in range(1, kills + 1):
                before = len(ledger.acked)
                until(lambda before=before: len(ledger.acked) > before, 120, what="a text")  # type: ignore[misc]
                threading.Event().wait(chance.uniform(0.0, 1.0))
                server.kill()
                _check_as_left(site, checks, list(ledger.acked))
                server = site.serve(port=port)
                place.tell(f"{number} killed, {len(ledger.acked)} acked")
        server.stop()
        check_rows(site, checks, ledger)
        agreement.check(site, checks)
        checks.figure(f"{kills} kills")
    _check_syncs(place, checks, place.many(20, 5))
    return checks.outcome()


@contextmanager
def _at_work(port: int, author: Client, ledger: Ledger) -> Iterator[None]:
    """Three guests and the author write until the block ends."""
    stop, aborted = threading.Event(), author.gives_up
    with ThreadPoolExecutor(4) as threads:
        sent = [
            threads.submit(
                write, port, f"w{number}", 10**6, ledger,
                patience=PATIENCE, stop=stop, aborted=aborted,
            )
            for number in range(3)
        ]  # fmt: skip
        sent.append(threads.submit(_publish, author, ledger, stop))
        try:
            yield
        except BaseException:
            aborted.set()  # a server that nobody starts again answers nobody
            raise
        finally:
            stop.set()
        for one in sent:
            one.result()


def _publish(client: Client, ledger: Ledger, stop: threading.Event) -> None:
    """Questions by the author are public at once, so the index has to follow them."""
    chance = random.Random(2)  # noqa: S311  (words, not secrets)
    number = 0
    while not stop.is_set():
        key = f"author-{number}"
        fields = comment(key, chance, kind="question", title=f"What of {key}?")
        path = f"{ARTICLES[0]}/ask"
        ledger.note(key, client.persist(path, fields, key=key, seconds=PATIENCE))
        number += 1


def _check_as_left(site: Site, checks: Checks, acked: list[str]) -> None:
    """What the kill has left: of SQLite a copy of the files, opened apart; of PostgreSQL, which
    lives on, what it holds now. All of it agrees once what waits is done."""
    if not site.is_sqlite:
        found = site.look(rows_by_key)
    else:
        apart = site.folder / "apart"
        apart.mkdir()
        for ending in ("", "-wal"):
            left = Path(f"{site.file}{ending}")
            if left.exists():
                shutil.copyfile(left, apart / f"threshold.db{ending}")
        copy = Site(f"sqlite:///{apart / 'threshold.db'}", apart)
        found = copy.look(rows_by_key)
        agreement.check(copy, checks)
        shutil.rmtree(apart)
    checks.none("at each kill, all that was acked is on the disk", set(acked) - set(found))


def _check_syncs(place: Place, checks: Checks, posts: int) -> None:
    if place.kind == "postgresql":
        with psycopg.connect(place.postgres_server()) as connection:
            for name in ("fsync", "synchronous_commit"):
                row = connection.execute(f"SHOW {name}").fetchone()
                if not place.is_quick:  # the tests' own server forgoes it
                    checks.same(f"PostgreSQL waits for the disk ({name})", row and row[0], "on")
        return
    strace = shutil.which("strace")
    if strace is None:
        checks.figure("strace is not here, so syncs were not counted")
        return
    with place.site() as site:
        log = site.folder / "syncs"
        watch = [
            strace,
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-e",
            "trace=fsync,fdatasync",
            "-o",
            str(log),
        ]
        server = site.gunicorn(workers=1, before=watch)  # without a worker: each sync is a post's
        client, chance = opened(server.port), random.Random(3)  # noqa: S311  (words)
        least = 10**9
        for number in range(posts):
            before = _syncs(log)
            fields = comment(f"s-{number}", chance)
            answer = client.post(f"{ARTICLES[0]}/ask", fields, key=f"s-{number}")
            checks.same("each text is taken", answer.status, 303)
            least = min(least, _syncs(log) - before)
    checks.that("the disk is waited for before each answer", least >= 1, f"{least} syncs")
    checks.figure(f"at least {least} sync before each of {posts} answers")


def _syncs(log: Path) -> int:
    return len(_SYNC.findall(log.read_text()))
