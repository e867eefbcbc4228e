"""The disk runs full while texts are sent, and then has room again

The site's folder, its log included, is a small file system in memory; where none may be mounted,
nothing is shown. It is filled to the last byte while a writer goes on, and freed again; the server
is not restarted.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, text

from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults import agreement
from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.outcome import Checks, NotHere, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.writers import Ledger, check_rows, opened

DATABASES = ("sqlite",)
MEBIBYTES = 24
SLOWEST_SECONDS = 2.0
PLAIN_WORDS = "Nothing was saved"
BLOCK = 4096


def run(place: Place) -> Outcome:
    checks = Checks()
    with _small_disk(place.folder) as disk:
        if disk is None:
            raise NotHere("no file system may be mounted here (that takes the rights of root)")
        with place.site(within=disk) as site:
            server = site.serve()
            client, ledger = opened(server.port), Ledger()
            chance = random.Random(5)  # noqa: S311  (words, not secrets)
            for number in range(20):
                _send(client, ledger, f"before-{number}", chance)
            filler = disk / "filler"
            _fill(filler)
            refused = _post_on_a_full_disk(checks, client, ledger, filler, place)
            filler.unlink()
            after = _send(client, ledger, "after-0", chance)
            checks.same("the next text is taken without a restart", after.status, 303)
            for key in refused:  # what was refused can be sent again under its own key
                again = _send(client, ledger, key, random.Random(key))  # noqa: S311  (words)
                checks.same("a refused text is taken when sent again", again.status, 303)
            checks.that("the server is the same all along", server.is_running)
            server.stop()
            ledger.refused.clear()  # each was looked at above
            check_rows(site, checks, ledger, wanted=len(ledger.acked))
            agreement.check(site, checks)
            checks.same("each text has one mail to its writer", *_mails(site))
    return checks.outcome()


def _post_on_a_full_disk(
    checks: Checks,
    client: Client,
    ledger: Ledger,
    filler: Path,
    place: Place,
) -> list[str]:
    """Texts until twenty were refused; their keys. Whatever still found room was taken."""
    refused: list[str] = []
    slowest = 0.0
    for number in range(400):
        key = f"full-{number}"
        answer = _send(client, ledger, key, random.Random(key))  # noqa: S311  (words)
        page = client.get(ARTICLES[number % 3])
        checks.same("pages are shown throughout", page.status, 200)
        if answer.status != 303:
            refused.append(key)
            slowest = max(slowest, answer.seconds)
            checks.that("a full disk is 503 or 507", answer.status in (503, 507), answer.status)
            checks.that("and says so in plain words", PLAIN_WORDS in answer.text)
        else:
            _fill(filler)  # something was freed meanwhile, by a checkpoint of the log
        if len(refused) >= place.many(20, 5):
            break
    checks.that("texts were refused at all", refused)
    checks.that("each refusal comes within 2 s", slowest <= SLOWEST_SECONDS, f"{slowest:.2f} s")
    checks.figure(f"{len(refused)} refused, each within {slowest:.2f} s; none half-written")
    return refused


def _send(client: Client, ledger: Ledger, key: str, chance: random.Random) -> Answer:
    answer = client.post(f"{ARTICLES[0]}/ask", comment(key, chance), key=key)
    ledger.note(key, answer)
    return answer


def _mails(site: Site) -> tuple[int, int]:
    """Mails of receipt that went out, and texts that were written."""
    sent = text("SELECT count(*) FROM job WHERE kind = 'mail.received' AND done_at IS NOT NULL")
    written = select(func.count()).where(Comment.author_name.like("Writer %"))
    return site.look(lambda: (db.session.scalar(sent) or 0, db.session.scalar(written) or 0))


def _fill(filler: Path) -> None:
    """To the last block."""
    with filler.open("ab", buffering=0) as file:
        try:
            while True:
                file.write(os.urandom(BLOCK))
        except OSError:
            return  # full, as it shall be


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of some MiB, or None where mounting is not allowed."""
    disk = Path(tempfile.mkdtemp(prefix="disk-", dir=folder))
    size = f"size={MEBIBYTES}m"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)]
    mounted = not subprocess.run(mount, check=False, capture_output=True).returncode  # noqa: S603
    try:
        yield disk if mounted else None
    finally:
        if mounted:
            # Lazily: this process too has looked at the rows, and keeps the file of turns open.
            subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S603, S607
        disk.rmdir()
