"""Several writers at once, and what became of what they sent."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import select

from app.domains.comments.models import Comment
from app.infra.db import db
from benchmarks.faults.clients import Answer, Client, comment
from benchmarks.faults.outcome import Checks
from benchmarks.faults.sites import ARTICLES, Site


@dataclass
class Ledger:
    """What the writers were told: `acked` are the keys of taken texts, `refused` what was answered
    otherwise, `seconds` how long each answer took, `faults` what came
    before an answer that counts."""

    acked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, answer: Answer) -> None:
        with self._lock:
            self.seconds.append(answer.seconds)
            if answer.is_acked:
                self.acked.append(key)
            else:
                self.refused.append(f"{answer.status}")


def opened(port: int, *, timeout: float = 30.0) -> Client:
    """A reader who has a form before them."""
    client = Client(port, timeout=timeout)
    client.open_form(f"{ARTICLES[0]}/ask")
    return client


def write(
    port: int,
    name: str,
    posts: int,
    ledger: Ledger,
    *,
    patience: float = 60.0,
    stop: threading.Event | None = None,
    aborted: threading.Event | None = None,
) -> None:
    """One writer, who sends each text until it is answered, under the same key. `stop` ends it
    after the text in hand, `aborted` while it waits for an answer."""
    chance = random.Random(name)  # noqa: S311  (the same texts at every run)
    client = opened(port)
    client.gives_up = aborted or client.gives_up
    for number in range(posts):
        if stop is not None and stop.is_set():
            break
        key = f"{name}-{number}"
        path = f"{chance.choice(ARTICLES)}/ask"
        fields = comment(key, chance)
        ledger.note(key, client.persist(path, fields, key=key, seconds=patience))
    ledger.faults.update(client.faults)


@contextmanager
def writing(
    port: int, writers: int, posts: int, ledger: Ledger, *, name: str = "w", patience: float = 60.0
) -> Iterator[Callable[[], bool]]:
    """So many writers send so many texts each while the block runs; what is yielded says whether
    they are still at it. Whatever went wrong with one of them is raised at the end."""
    with ThreadPoolExecutor(writers) as threads:
        sent = [
            threads.submit(write, port, f"{name}{number}", posts, ledger, patience=patience)
            for number in range(writers)
        ]
        yield lambda: not all(one.done() for one in sent)
        for one in sent:
            one.result()


def rows_by_key() -> Counter[str]:
    """How many comments begin with each key; in an application context."""
    sources = select(Comment.source).where(Comment.author_name.not_like("Laid %"))
    return Counter(source.split(" ", 1)[0] for source in db.session.scalars(sources))


def check_rows(site: Site, checks: Checks, ledger: Ledger, *, wanted: int | None = None) -> None:
    """Each acked text stands there once; `wanted` is how many there must be in all."""
    found = site.look(rows_by_key)
    acked = set(ledger.acked)
    lost = acked - set(found)
    double = {key for key, times in found.items() if times > 1}
    checks.none("no acked text is lost", lost)
    checks.none("no text stands there twice", double)
    checks.none("nothing was answered by an error", ledger.refused)
    if wanted is not None:
        checks.same("there are as many texts as were sent", sum(found.values()), wanted)
    checks.figure(f"{len(acked)} acked, {len(lost)} lost, {len(double)} double")
    if ledger.faults:
        again = ", ".join(f"{name} {times}" for name, times in ledger.faults.most_common())
        checks.figure(f"sent again after: {again}")


def percentile(values: list[float], share: float) -> float:
    """In milliseconds."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] * 1000 if values else 0.0
