"""PostgreSQL restarted under load, its connections ended, and its answers to commits lost

Writers send texts under keys and again after a fault, readers read, while the server is stopped as
by a fault and started again, while all of its connections are ended, and while a proxy before it
delivers commits and loses the answers. The site is never restarted.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.faults import agreement
from benchmarks.faults.clusters import (
    END_ALL,
    IDLE_IN_TRANSACTION,
    ask,
    before_database,
    cluster,
)
from benchmarks.faults.load import Seen, some_more, under_load
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.proxy import Proxy
from benchmarks.faults.sites import Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, check_rows

DATABASES = ("postgresql",)
SOON_SECONDS = 5.0
ALLOWED = {"200", "503", "RemoteDisconnected", "ConnectionResetError", "TimeoutError"}
"""What readers may be answered while the database is away."""


def run(place: Place) -> Outcome:
    checks = Checks()
    if place.is_quick:
        _through_it(place, checks, None, times=1)
        return checks.outcome()
    with cluster(place.folder) as own:

        def restart() -> None:
            own.stop()
            own.start()

        there = Place(place.folder, place.kind, postgres=own.url, owner="restarted")
        _through_it(there, checks, restart, times=place.many(5, 1))
    return checks.outcome()


def _through_it(
    place: Place, checks: Checks, restart: Callable[[], None] | None, *, times: int
) -> None:
    with place.site() as site, before_database(site.url) as (proxy, through):
        # A database that was copied from a template would begin its sequences anew after a fault:
        # what they have given out is in the log of the template until then.
        ask(site.url, "CHECKPOINT")
        server, ledger = site.serve(DATABASE_URL=through), Ledger()
        pauses: list[float] = []
        with under_load(server.port, ledger) as seen:
            some_more(ledger, 20)
            for number in range(times):
                if restart is not None:
                    restart()
                    pauses.append(_until_well(server, ledger))
                ask(site.url, END_ALL)
                pauses.append(_until_well(server, ledger))
                place.tell(f"{number + 1} restarted, {len(ledger.acked)} acked")
            _lose_answers(proxy, ledger, 3 * times)
        _check(site, server, checks, ledger, seen)
    checks.that("well within 5 s of its return", max(pauses) <= SOON_SECONDS, max(pauses))
    checks.that("answers to commits were lost", proxy.lost >= 3 * times, proxy.lost)
    checks.figure(f"{times if restart else 0} restarts, {times} times all connections ended")
    checks.figure(f"well again after at most {max(pauses):.1f} s")
    checks.figure(f"{proxy.lost} answers to commits lost")


def _until_well(server: Server, ledger: Ledger) -> float:
    """Seconds until it says that it is well and has taken a text."""
    began = time.monotonic()
    server.await_answer(60)
    well = time.monotonic() - began
    some_more(ledger, 10)
    return well


def _lose_answers(proxy: Proxy, ledger: Ledger, times: int) -> None:
    for _ in range(times):
        before = proxy.lost
        proxy.loses = b"COMMIT"
        until(lambda before=before: proxy.lost > before, 60, what="a lost answer")  # type: ignore[misc]
        proxy.loses = b""
        some_more(ledger, 5)


def _check(site: Site, server: Server, checks: Checks, ledger: Ledger, seen: Seen) -> None:
    checks.that("the server is the same all along", server.is_running)
    idle = ask(site.url, IDLE_IN_TRANSACTION)
    checks.same("no transaction is left open", idle, [(0,)])
    server.stop()
    said = server.said().splitlines()
    faults = [line for line in said if "fault on" in line or "Exception while" in line]
    checks.none("nothing is a fault of the program", faults)
    checks.none("readers get pages, or are told that it is busy", set(seen.statuses) - ALLOWED)
    check_rows(site, checks, ledger)
    agreement.check(site, checks)
    checks.figure(f"{seen.statuses['200']} pages, {seen.statuses['503']} times busy")
