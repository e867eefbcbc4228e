"""Fifty bodies at once of 64 KiB and a byte, 1 MB and 10 MB, with a length and without

Each must be refused in plain words within a second, at next to no memory, while others read on. The
senders have a process of their own, which stands behind all others here: else they would keep the
readers waiting, who would then measure them and not the server.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress

from benchmarks.faults.clients import NO_ANSWER
from benchmarks.faults.load import under_load
from benchmarks.faults.measuring import memory
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.waiting import until
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
        _read_alone(server, 20)  # a server that has just begun is slower
        usual = _read_alone(server, place.many(200, 40))
        before = memory(server.pid)
        with (
            _elsewhere(place.many(19, 5)) as senders,
            under_load(server.port, Ledger(), writers=0) as seen,
        ):
            for name, size in SIZES.items():
                for chunked in (False, True):
                    answers = senders.submit(_send_many, server.port, size, at_once, chunked)
                    _look(checks, f"{name}{', chunked' * chunked}", answers.result())
                place.tell(name)
        grown = memory(server.pid) - before
        checks.same("others read on", set(seen.statuses), {"200"})
        busy = percentile(seen.seconds, 0.95)
        if not place.is_quick:  # of so few pages there is no p95
            found = f"{usual:.0f} ms alone, {busy:.0f} ms meanwhile"
            checks.that("p95 of a page is at most twice as long", busy <= 2 * usual, found)
        checks.that("memory grows by at most 50 MiB", grown <= MOST_GROWTH, grown)
        checks.figure(f"memory +{max(grown, 0) / MEBIBYTE:.0f} MiB")
        checks.figure(f"p95 of a page {usual:.0f} ms alone, {busy:.0f} ms meanwhile")
        checks.that("the server is the same all along", server.is_running)
        server.stop()
    return checks.outcome()


def _elsewhere(patience: int) -> Executor:
    """One process that stands behind the others, at 19 as far as a process can."""
    spawning = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, spawning, initializer=os.nice, initargs=(patience,))


def _send_many(port: int, size: int, at_once: int, chunked: bool) -> list[tuple[object, float]]:
    with ThreadPoolExecutor(at_once) as threads:
        sent = [threads.submit(_send, port, size, chunked=chunked) for _ in range(at_once)]
        return [one.result() for one in sent]


def _look(checks: Checks, name: str, answers: list[tuple[object, float]]) -> None:
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


def _read_alone(server: Server, count: int) -> float:
    """p95 of so many pages to the readers who go on meanwhile, while nobody sends anything."""
    with under_load(server.port, Ledger(), writers=0) as seen:
        until(lambda: len(seen.seconds) >= count, 120, what="pages")
    return percentile(seen.seconds, 0.95)
