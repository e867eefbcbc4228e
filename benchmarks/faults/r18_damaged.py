"""A damaged database, one that may not be written, and a site without a secret

Each start and each look must refuse in plain words, with an exit code that is not 0, and write
nothing.
"""

from __future__ import annotations

import hashlib
import os
import random
from pathlib import Path

from app.infra.db import SQLITE
from benchmarks.faults import laying
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import Site

DATABASES = ("sqlite",)
PAGE = 4096
SECONDS = 120.0
NO_SECRET = {"THRESHOLD_MODE": "production", "SECRET_KEY": "", "PUBLIC_URL": "http://127.0.0.1"}
SHORT_SECRET = {**NO_SECRET, "SECRET_KEY": "changeme"}


def run(place: Place) -> Outcome:
    checks = Checks()
    with place.site() as site:
        laying.waiting(site, place.many(2000, 200))
        _fold_log_in(site.file)
        whole = site.file.read_bytes()
        for number in range(place.many(5, 1)):
            _damaged(site, checks, number)
            site.file.write_bytes(whole)
        _cut_off(site, checks)
        site.file.write_bytes(whole)
        _not_writable(site, checks, is_root=not os.geteuid())
        for settings, words in ((NO_SECRET, "SECRET_KEY is not set"), (SHORT_SECRET, "well known")):
            _refused(site, checks, ("serve",), "a start without a good secret", words, **settings)
    checks.figure("damage named by doctor, starts refused in one line, not a byte rewritten")
    return checks.outcome()


def _fold_log_in(file: Path) -> None:
    with SQLITE.connect(str(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _damaged(site: Site, checks: Checks, seed: int) -> None:
    """Random bytes over the middle of some pages, the first one left alone."""
    chance = random.Random(seed)  # noqa: S311  (the same damage at every run)
    content = bytearray(site.file.read_bytes())
    for _ in range(8):
        at = chance.randrange(1, len(content) // PAGE) * PAGE
        content[at : at + PAGE // 2] = chance.randbytes(PAGE // 2)
    site.file.write_bytes(content)
    _refused(site, checks, ("doctor",), "doctor on a damaged database", "damaged")


def _cut_off(site: Site, checks: Checks) -> None:
    """The file's beginning is gone, as after a bad copy."""
    site.file.write_bytes(b"\0" * PAGE + site.file.read_bytes()[PAGE:])
    _refused(site, checks, ("doctor",), "doctor on a file that is no database", "wrong")
    _refused(site, checks, ("serve",), "a start on a file that is no database", "")


def _not_writable(site: Site, checks: Checks, *, is_root: bool) -> None:
    site.file.chmod(0o400)
    _refused(site, checks, ("doctor",), "doctor on a file that may not be written", "may not be")
    if is_root:
        checks.figure("whoever is root writes to a file that may not be written, so no start there")
    else:
        _refused(site, checks, ("serve",), "a start on a file that may not be written", "")
    site.file.chmod(0o600)


def _refused(
    site: Site, checks: Checks, command: tuple[str, ...], what: str, words: str, **environment: str
) -> None:
    before = _fingerprint(site.file)
    process = site.run(*command, name=f"{command[0]}-{len(checks.checked)}", **environment)
    code = process.wait(SECONDS)
    said = process.said()
    checks.that(f"{what} ends with another code than 0", code not in (0, None), code)
    checks.that(f"{what} says why", words in said and said.strip(), said[-200:])
    checks.that(f"{what} shows no traceback", "Traceback" not in said, said[-300:])
    if command == ("serve",):
        checks.that(f"{what} is told in one line", len(said.strip().splitlines()) == 1, said[-300:])
    checks.that(f"{what} rewrites nothing", _fingerprint(site.file) == before)


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
