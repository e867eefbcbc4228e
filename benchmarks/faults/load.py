"""Writers and readers who go on until they are told to stop."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.faults.clients import NO_ANSWER, Client
from benchmarks.faults.sites import ARTICLES
from benchmarks.faults.waiting import until
from benchmarks.faults.writers import Ledger, write

PAGES = ("/", *ARTICLES, "/questions/", "/tags/", "/search?q=hips")


@dataclass
class Seen:
    """What readers were answered: how often each status, and how long each answer took."""

    statuses: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def read(self, client: Client, path: str) -> str:
        """The status, or the name of what went wrong."""
        try:
            answer = client.get(path)
        except NO_ANSWER as wrong:
            found = type(wrong).__name__
        else:
            found = str(answer.status)
            self.seconds.append(answer.seconds)
        self.statuses[found] += 1
        return found


@contextmanager
def under_load(
    port: int,
    ledger: Ledger,
    *,
    writers: int = 4,
    readers: int = 2,
    patience: float = 120.0,
    pause: float = 0.05,
    pages: Sequence[str] = PAGES,
) -> Iterator[Seen]:
    """Texts are written and pages read while the block runs, with a `pause` between pages."""
    stop, seen = threading.Event(), Seen()

    def read() -> None:
        client = Client(port)
        for number in range(10**9):
            if stop.is_set():
                return
            seen.read(client, pages[number % len(pages)])
            stop.wait(pause)

    with ThreadPoolExecutor(writers + readers) as threads:
        tasks = [
            threads.submit(write, port, f"w{number}", 10**9, ledger, patience=patience, stop=stop)
            for number in range(writers)
        ]
        tasks += [threads.submit(read) for _ in range(readers)]
        try:
            yield seen
        finally:
            stop.set()
        for task in tasks:
            task.result()


def some_more(ledger: Ledger, count: int, seconds: float = 120.0) -> None:
    """Wait until so many further texts were taken."""
    wanted = len(ledger.acked) + count
    until(lambda: len(ledger.acked) >= wanted, seconds, what="further texts")
