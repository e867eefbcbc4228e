"""PostgreSQL slow, silent, out of connections, and read-only

A proxy before it adds two seconds to each answer, then swallows everything; then all connections
that it allows are taken by others, and at last it takes no writes. Each request must end within ten
seconds in plain words, pages are shown while it can be read, and all is well 5 seconds after.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
from sqlalchemy.engine import make_url

from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.clusters import END_ALL, ask, before_database
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.proxy import Proxy
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows, opened

DATABASES = ("postgresql",)
LONGEST_SECONDS = 10.0
SOON_SECONDS = 5.0
READ = (*ARTICLES, f"{ARTICLES[0]}/ask", "/", "/questions/", "/tags/", "/search?q=hips", "/sign-in")
AT_ONCE = 16
"""Twice as many requests as the server has threads."""


class Bench:
    """One served site, the proxy before its database, and a reader who has a form open."""

    def __init__(self, site: Site, proxy: Proxy, through: str, checks: Checks) -> None:
        self.site, self.proxy, self.checks = site, proxy, checks
        self.server = site.serve(DATABASE_URL=through)
        self.client = opened(self.server.port, timeout=60)
        self.ledger = Ledger()
        self._chance = random.Random(7)  # noqa: S311  (words, not secrets)
        self._number = 0
        self.post("before")

    def post(self, name: str) -> Answer:
        self._number += 1
        key = f"{name}-{self._number}"
        fields = comment(key, self._chance)
        answer = self.client.post(f"{ARTICLES[0]}/ask", fields, key=key)
        if answer.is_acked:
            self.ledger.note(key, answer)
        return answer

    def look(self, path: str) -> Answer:
        return Client(self.server.port, timeout=60).get(path)

    def all_at_once(self, name: str, wave: int) -> list[Answer]:
        """Posts and pages, more than there are threads."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            asked = [
                threads.submit(self.post, name)
                if number % 2
                else threads.submit(self.look, f"{ARTICLES[number % 3]}?page={wave}")
                for number in range(AT_ONCE)
            ]
            return [one.result() for one in asked]

    def check_ends(self, name: str, answers: list[Answer], *, allowed: set[int]) -> None:
        slowest = max(answer.seconds for answer in answers)
        self.checks.that(
            f"{name}: each request ends within 10 s", slowest <= LONGEST_SECONDS, f"{slowest:.1f} s"
        )
        found = {answer.status for answer in answers}
        self.checks.none(f"{name}: only answers that say so", found - allowed)
        self.checks.figure(f"{name}: at most {slowest:.1f} s, {sorted(found)}")

    def check_recovery(self, name: str) -> None:
        began = time.monotonic()
        until(lambda: self.post("after").is_acked, 60, what="a text that is taken", pause=0.2)
        lasted = time.monotonic() - began
        self.checks.that(
            f"{name}: a text is taken within 5 s of its end", lasted <= SOON_SECONDS, lasted
        )
        self.checks.same(f"{name}: pages are back", self.look(ARTICLES[1]).status, 200)
        self.checks.that(f"{name}: the server is the same", self.server.is_running)


def run(place: Place) -> Outcome:
    checks = Checks()
    with (
        place.site() as site,
        before_database(site.url) as (proxy, through),
        _as_a_role(site, through) as url,
    ):
        bench = Bench(site, proxy, url, checks)
        parts: list[tuple[str, Callable[[Bench, int], None]]] = [
            ("silent", _silent),
            ("read-only", _read_only),
            ("no connection free", _none_free),
            ("slow", _slow),
        ]
        for name, part in parts:
            part(bench, place.many(3, 1))
            bench.check_recovery(name)
            place.tell(name)
        bench.server.stop()
        check_rows(site, checks, bench.ledger)
    return checks.outcome()


def _silent(bench: Bench, waves: int) -> None:
    bench.proxy.swallows = True
    answers = [one for wave in range(waves) for one in bench.all_at_once("silent", wave)]
    bench.proxy.heal()
    bench.check_ends("silent", answers, allowed={503})


def _slow(bench: Bench, waves: int) -> None:
    bench.proxy.latency = 2.0
    answers = [one for wave in range(waves) for one in bench.all_at_once("slow", wave)]
    bench.proxy.heal()
    bench.check_ends("slow", answers, allowed={200, 303, 503})


def _read_only(bench: Bench, _waves: int) -> None:
    role = _role(bench.site)
    ask(bench.site.url, f"ALTER ROLE {role} SET default_transaction_read_only = on")
    bench.proxy.is_cut = True  # the setting holds for new connections
    until(lambda: _connections(bench.site) == 0, 30, what="the old connections gone", pause=0.2)
    bench.proxy.heal()
    posts = [bench.post("read-only") for _ in range(3)]
    bench.check_ends("read-only, posts", posts, allowed={503})
    for path in READ:
        page = bench.look(path)
        bench.checks.same(f"read-only: {path} is shown", page.status, 200)
    ask(bench.site.url, f"ALTER ROLE {role} RESET default_transaction_read_only")
    bench.proxy.is_cut = True
    until(lambda: _connections(bench.site) == 0, 30, what="the old connections gone", pause=0.2)
    bench.proxy.heal()


def _none_free(bench: Bench, waves: int) -> None:
    bench.proxy.is_cut = True
    until(lambda: _connections(bench.site) == 0, 30, what="the old connections gone", pause=0.2)
    with _all_taken(bench):
        bench.proxy.heal()
        answers = [one for wave in range(waves) for one in bench.all_at_once("full", wave)]
    bench.check_ends("no connection free", answers, allowed={200, 503})
    told = {answer.status for answer in answers}
    bench.checks.that("no connection free: it was felt", 503 in told, sorted(told))


@contextmanager
def _all_taken(bench: Bench) -> Iterator[None]:
    """All connections that the site's role may have are somebody else's."""
    role = _role(bench.site)
    theirs = make_url(bench.site.url).set(drivername="postgresql", username=role)
    ask(bench.site.url, f"ALTER ROLE {role} CONNECTION LIMIT 3")
    try:
        with ExitStack() as held:
            for _ in range(3):
                url = theirs.render_as_string(hide_password=False)
                held.enter_context(psycopg.connect(url))
            yield
    finally:
        ask(bench.site.url, f"ALTER ROLE {role} CONNECTION LIMIT -1")


def _role(site: Site) -> str:
    return f"role_{make_url(site.url).database}"


@contextmanager
def _as_a_role(site: Site, through: str) -> Iterator[str]:
    """The URL by which the site is an ordinary user: no limit holds for a superuser."""
    role = _role(site)
    ask(site.url, f"CREATE ROLE {role} LOGIN IN ROLE pg_read_all_data, pg_write_all_data")
    try:
        yield make_url(through).set(username=role).render_as_string(hide_password=False)
    finally:
        ask(site.url, END_ALL)
        ask(site.url, f"DROP ROLE {role}")


def _connections(site: Site) -> int:
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    return int(str(ask(site.url, others)[0][0]))
