"""Fifty bodies at once of 64 KiB and a byte, 1 MB and 10 MB, with a length and without

Each must be refused in plain words within a second, at next to no memory, while others read on.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks.faults.clients import NO_ANSWER
from benchmarks.faults.load import under_load
from benchmarks.faults.measuring import memory
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES
from benchmarks.faults.writers import Ledger, percentile

AT_ONCE = 50
MEBIBYTE = 2**20
SIZES = {"64 KiB and 1": 64 * 1024 + 1, "1 MB": 10**6, "10 MB": 10**7}
ELSEWHERE = "/sign-in"
"""Where no more than 64 KiB is taken; a form for writing takes 160."""
MOST_GROWTH = 50 * MEBIBYTE
SLOWEST_SECONDS = 1.0
PART = b"a" * 65536


def run(place: Place) -> Outcome:
    checks = Checks()
    at_once = place.many(AT_ONCE, 10)
    with place.site() as site:
        server = site.serve()
        usual = _reading(server, 40)
        before = memory(server.pid)
        with under_load(server.port, Ledger(), writers=0, readers=2) as seen:
            for name, size in SIZES.items():
                for chunked in (False, True):
                    _many(server, checks, f"{name}{', chunked' if chunked else ''}", size,
                          at_once, chunked=chunked)  # fmt: skip
                place.tell(name)
        grown = memory(server.pid) - before
        checks.same("others read on", set(seen.statuses), {"200"})
        busy = percentile(seen.seconds, 0.95)
        checks.that("memory grows by at most 50 MiB", grown <= MOST_GROWTH, grown)
        checks.figure(f"memory +{max(grown, 0) / MEBIBYTE:.0f} MiB")
        checks.figure(f"p95 of a page {usual:.0f} ms alone, {busy:.0f} ms meanwhile")
        checks.that("the server is the same all along", server.is_running)
        server.stop()
    return checks.outcome()


def _many(
    server: Server, checks: Checks, name: str, size: int, at_once: int, *, chunked: bool
) -> None:
    with ThreadPoolExecutor(at_once) as threads:
        sent = [threads.submit(_send, server.port, size, chunked=chunked) for _ in range(at_once)]
        answers = [one.result() for one in sent]
    statuses = {status for status, _ in answers}
    checks.that(f"{name}: refused as too much", statuses <= {413}, sorted(map(str, statuses)))
    slowest = percentile([seconds for _, seconds in answers], 0.95) / 1000
    checks.that(f"{name}: 19 of 20 within a second", slowest <= SLOWEST_SECONDS, slowest)
    checks.figure(f"{name}: {slowest:.2f} s")


def _send(port: int, size: int, *, chunked: bool) -> tuple[object, float]:
    """The status, and seconds until it came after the last byte; the name of what went wrong where
    the server ended it before all was sent."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if not chunked:
        headers["Content-Length"] = str(size)
    began = time.perf_counter()
    try:
        # Where the server has heard enough and hangs up, its answer may stand there all the same.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.request("POST", ELSEWHERE, _body(size), headers, encode_chunked=chunked)
        began = time.perf_counter()
        status: object = line.getresponse().status
    except NO_ANSWER as wrong:
        status = type(wrong).__name__
    finally:
        line.close()
    return status, time.perf_counter() - began


def _body(size: int) -> Iterator[bytes]:
    for begin in range(0, size, len(PART)):
        yield PART[: size - begin]


def _reading(server: Server, count: int) -> float:
    answers = [server.client().get(ARTICLES[number % 3]) for number in range(count)]
    return percentile([answer.seconds for answer in answers], 0.95)
