"""What a serving process holds after many requests of all kinds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count

import click

from benchmarks.figures import Row, other
from benchmarks.http import threads
from benchmarks.http.client import loop, request
from benchmarks.http.machine import Cores, resident_megabytes
from benchmarks.http.site import Ask, Measured

PARTS = 10
LINES = 4
PART_SECONDS = 30.0
"""What a tenth may take: a slow machine makes fewer requests, and the row says how many."""
MOST_MEGABYTES = 130
FLAT = 1.05
"""Times what it held after a fifth of the requests, when all that is kept is there."""
SHARES = ((80, "kept"), (8, "article"), (4, "entered"), (3, "search"), (2, "drawn"), (1, "desk"))
"""Of a hundred requests: the two measured articles, one of all articles by chance, a reader who
is signed in, a search, a page whose mark was raised, the desk.."""


def mixed(site: Measured, port: int, articles: int) -> Ask:
    """Requests as a site gets them, most of them for what is read most."""
    chance = random.Random(3)  # noqa: S311  (the same mix at every run)
    names = [name for share, name in SHARES for _ in range(share)]
    numbers = count(1)
    small = threads.LENGTHS[0]

    def ask() -> bytes:
        kind = chance.choice(names)
        path = f"/articles/{threads.slug(chance.choice(threads.LENGTHS))}"
        headers: dict[str, str] = {}
        if kind == "article":
            path = f"/articles/article-{chance.randrange(articles) + 1}"
        elif kind == "search":
            path = f"/search?q=hip+w{next(numbers)}"
        elif kind == "desk":
            path, headers = "/moderation/", site.moderator
        elif kind == "entered":
            headers = site.reader
        elif kind == "drawn":
            site.change(f"article:{site.articles[small]}")
        return request(path, headers, port=port)

    return ask


def measure(site: Measured, cores: Cores, requests: int, articles: int) -> Iterator[Row]:
    with site.served(cores, worker=True) as (port, pid):
        ask = mixed(site, port, articles)
        held, asked = [resident_megabytes(pid)], 0
        with click.progressbar(range(PARTS), label=f"{requests:,} mixed requests") as parts:
            for _ in parts:
                most = max(requests // PARTS, 1)
                asked += len(loop(port, ask, lines=LINES, seconds=PART_SECONDS, most=most).seconds)
                held.append(resident_megabytes(pid))
    growth = held[-1] / held[PARTS // 5]
    yield other(
        f"memory of the process after {asked:,} requests",
        f"{held[-1]:.0f} MB",
        "MB at the start and after each tenth: " + " ".join(f"{one:.0f}" for one in held),
        f"{MOST_MEGABYTES} MB, flat",
        met=held[-1] <= MOST_MEGABYTES and growth <= FLAT,
    )
