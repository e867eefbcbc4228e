"""Each older schema with data brought to the newest, again, and killed in the middle

Ten thousand texts are laid, the schema is taken back to each earlier version, and brought forward:
what stands in every column that the older schema had must be the same before and after. Then the
migration is killed at several points and done again. At last the schema is one that this program
does not know.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator

from sqlalchemy import MetaData, Table, select, text

from app.config import PROJECT
from app.infra.db import db
from benchmarks.faults import laying
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.sites import Site

Dump = dict[str, tuple[tuple[str, ...], str]]
"""Of each table the columns, and a digest of its rows."""
LONGEST_SECONDS = 60.0
SECONDS = 600.0
POINTS = (0.5, 0.65, 0.75, 0.85, 0.95)
"""When it is killed, as shares of the time that it takes; the first half is its start."""
NOT_DATA = {"alembic_version", "schema_floor"}
UNKNOWN = "9999"


def run(place: Place) -> Outcome:
    checks = Checks()
    texts = place.many(10_000, 300)
    slowest, kills = 0.0, 0
    with place.site() as site:
        laying.published(site, texts, name="before")
        laying.waiting(site, texts // 10, name="waits")
        versions = sorted(_versions())
        older = versions[:-1] if not place.is_quick else [versions[0]]
        for version in reversed(older):
            _migrate(site, checks, "downgrade", version)
            before = site.look(_dump)
            slowest = max(slowest, _migrate(site, checks, "upgrade", "head"))
            checks.same(f"{version}: nothing is lost", _lost(site, before), [])
            at_head = site.look(_dump)
            _migrate(site, checks, "upgrade", "head")
            checks.that("again changes nothing", site.look(_dump) == at_head)
            place.tell(f"from {version}")
        for point in POINTS if not place.is_quick else POINTS[2:3]:
            _migrate(site, checks, "downgrade", versions[0])
            before = site.look(_dump)
            kills += _killed(site, slowest * point)
            _migrate(site, checks, "upgrade", "head")
            checks.same("killed: nothing is lost", _lost(site, before), [])
            place.tell(f"killed after {slowest * point:.1f} s")
        _newer(site, checks)
    checks.that("each within a minute", slowest <= LONGEST_SECONDS, f"{slowest:.0f} s")
    checks.figure(f"{len(older)} older schemas with {texts + texts // 10:,} texts")
    checks.figure(f"at most {slowest:.1f} s, its start included; {kills} killed at work")
    return checks.outcome()


def _versions() -> Iterator[str]:
    for path in (PROJECT / "app" / "migrations" / "versions").glob("[0-9]*.py"):
        yield path.name[:4]


def _migrate(site: Site, checks: Checks, way: str, to: str) -> float:
    """Seconds that it took."""
    began = time.monotonic()
    done = site.run("db", way, to, name=f"{way}-{to}")
    code = done.wait(SECONDS)
    checks.that(f"{way} ends well", code == 0, done.said()[-400:])
    return time.monotonic() - began


def _killed(site: Site, seconds: float) -> bool:
    """Whether it was still at work when it was killed."""
    migrating = site.run("db", "upgrade", name="killed")
    threading.Event().wait(seconds)
    was_running = migrating.is_running
    migrating.kill()
    return was_running


def _dump() -> Dump:
    found = MetaData()
    found.reflect(db.engine)
    return {
        name: (tuple(column.name for column in table.columns), _digest(table, list(table.columns)))
        for name, table in found.tables.items()
        if name not in NOT_DATA
    }


def _lost(site: Site, before: Dump) -> list[str]:
    """The tables of which a row or a value is not what it was."""

    def differing() -> list[str]:
        found = MetaData()
        found.reflect(db.engine)
        there = found.tables
        return [
            name
            for name, (columns, digest) in before.items()
            if name not in there
            or not set(columns) <= set(there[name].columns.keys())
            or _digest(there[name], [there[name].columns[one] for one in columns]) != digest
        ]

    return site.look(differing)


def _digest(table: Table, columns: list[object]) -> str:
    keys = list(table.primary_key.columns) or list(table.columns)
    digest = hashlib.sha256()
    for row in db.session.execute(select(*columns).order_by(*keys)):  # type: ignore[call-overload]
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def _newer(site: Site, checks: Checks) -> None:
    """A schema of a later release: served unless it says that older programs cannot read it."""

    def stand(*, floor: bool) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": UNKNOWN})
            connection.execute(text("DELETE FROM schema_floor"))
            if floor:
                row = text("INSERT INTO schema_floor (id, revision) VALUES (1, :v)")
                connection.execute(row, {"v": UNKNOWN})

    site.look(lambda: stand(floor=False))
    fits = site.run("fits", name="fits")
    checks.same("a newer schema is served on", fits.wait(SECONDS), 0)
    site.look(lambda: stand(floor=True))
    refused = site.run("fits", name="refused")
    checks.that("unless it says otherwise", refused.wait(SECONDS) != 0)
    lines = [line for line in refused.said().splitlines() if line.strip()]
    checks.that("in one clear line", len(lines) == 1 and UNKNOWN in lines[0], lines)
