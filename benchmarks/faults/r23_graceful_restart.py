"""Restarts under load: gunicorn told to begin anew (HUP), and servers replaced one after the other

Fifty requests a second, half of them posts, go on while gunicorn gets HUP ten times; then to two
`flask serve`, of which one after the other is ended by TERM and started again. Like nginx, a client
that finds one door closed knocks at the other; whoever was let in must get the answer.
"""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from benchmarks.faults.clients import NO_ANSWER, Client, comment
from benchmarks.faults.outcome import Checks, Outcome
from benchmarks.faults.place import Place
from benchmarks.faults.processes import Server
from benchmarks.faults.sites import ARTICLES, Site
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import opened, rows_by_key

A_SECOND = 50
CLIENTS = 5
LONGEST_STOP = 30.0


def run(place: Place) -> Outcome:
    checks = Checks()
    times = place.many(10, 2)
    with place.site() as site:
        server = site.gunicorn(workers=2)
        seen = _Seen()
        with _knocking([server.port], seen):
            for number in range(times):
                _begin_anew(server, seen)
                place.tell(f"{number + 1} HUP, {sum(seen.answers.values())} answered")
        server.stop()
        _check(site, checks, seen, "HUP")
        checks.figure(f"{times} HUP: {seen.words()}")
    with place.site() as site:
        servers = [site.serve(name=f"serve-{number}") for number in range(2)]
        seen = _Seen()
        with _knocking([one.port for one in servers], seen):
            for number in range(times):
                place.tell(f"{number + 1} TERM, {sum(seen.answers.values())} answered")
                _replace(site, servers, number % 2, checks, seen)
        for one in servers:
            one.stop()
        _check(site, checks, seen, "TERM")
        checks.figure(f"{times} TERM: {seen.words()}")
    return checks.outcome()


class _Seen:
    """What the clients were answered, and the keys of the texts that were taken."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        self.failed: list[str] = []
        self.acked: list[str] = []
        self._lock = threading.Lock()

    def note(self, status: int, key: str = "") -> None:
        with self._lock:
            self.answers[status] += 1
            if key and 200 <= status < 400:
                self.acked.append(key)

    def fail(self, what: str) -> None:
        with self._lock:
            self.failed.append(what)

    def words(self) -> str:
        return f"{sum(self.answers.values())} requests, {len(self.failed)} failed"


def _check(site: Site, checks: Checks, seen: _Seen, how: str) -> None:
    found = site.look(rows_by_key)
    checks.none(f"no request fails when servers restart ({how})", seen.failed)
    bad = {status: times for status, times in seen.answers.items() if status not in (200, 303, 304)}
    checks.none(f"none is answered by an error ({how})", bad)
    checks.none(f"no acked text is lost ({how})", set(seen.acked) - set(found))
    checks.none(f"no text stands there twice ({how})", {key for key in found if found[key] > 1})


def _begin_anew(server: Server, seen: _Seen) -> None:
    """HUP, until all old processes are gone and new ones serve."""
    old = set(server.children())
    server.signal(signal.SIGHUP)
    until(lambda: not old & set(server.children()), 120, what="the old processes gone")
    _more_answers(seen)


def _replace(site: Site, servers: list[Server], which: int, checks: Checks, seen: _Seen) -> None:
    old = servers[which]
    began = time.monotonic()
    code = old.stop(seconds=LONGEST_STOP)
    lasted = time.monotonic() - began
    checks.same("a server that is told to stop ends well", code, 0)
    checks.that("and within 30 s", lasted <= LONGEST_STOP, lasted)
    servers[which] = site.serve(port=old.port, name=f"serve-{which}")
    _more_answers(seen)


def _more_answers(seen: _Seen) -> None:
    """Twenty more, so that what was started has answered something."""
    before = sum(seen.answers.values())
    until(lambda: sum(seen.answers.values()) > before + 20, 120, what="more answers")


@contextmanager
def _knocking(ports: Sequence[int], seen: _Seen) -> Iterator[None]:
    """Clients who send, together, so many requests a second until the block ends."""
    stop = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as threads:
        going = [
            threads.submit(_client, ports, f"k{number}", seen, stop) for number in range(CLIENTS)
        ]
        try:
            yield
        finally:
            stop.set()
        for one in going:
            one.result()


def _client(ports: Sequence[int], name: str, seen: _Seen, stop: threading.Event) -> None:
    chance = random.Random(name)  # noqa: S311  (words, not secrets)
    client = opened(ports[0])
    number = 0
    while not stop.wait(CLIENTS / A_SECOND):
        number += 1
        key = f"{name}-{number}"
        path = ARTICLES[number % 3]
        form = comment(key, chance) if number % 2 else None
        try:
            status = _knock(client, ports, number, path, form, key)
        except NO_ANSWER as wrong:
            seen.fail(repr(wrong))
        else:
            seen.note(status, key if form else "")


def _knock(
    client: Client,
    ports: Sequence[int],
    number: int,
    path: str,
    form: dict[str, object] | None,
    key: str,
) -> int:
    """One request, at the other door where one is closed: nothing was sent there yet."""
    for attempt in range(len(ports)):
        client.port = ports[(number + attempt) % len(ports)]
        try:
            answer = client.post(f"{path}/ask", form, key=key) if form else client.get(path)
        except ConnectionRefusedError:
            if attempt + 1 == len(ports):
                raise
        else:
            return answer.status
    raise ConnectionRefusedError
