"""How long a start takes until the first page is there, beside the same of a bare Flask program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import click

from benchmarks.figures import Row, other
from benchmarks.http import threads
from benchmarks.http.client import loop, request
from benchmarks.http.machine import Cores
from benchmarks.http.serving import floors
from benchmarks.http.site import Measured

MOST_SECONDS = 1.5


def measure(site: Measured, folder: Path, page: str, cores: Cores, times: int) -> Iterator[Row]:
    """`folder` and `page` are those of the floors."""
    ours, bare = [], []
    path = f"/articles/{threads.slug(threads.LENGTHS[0])}"
    with click.progressbar(range(times), label="starts") as rounds:
        for _ in rounds:
            began = time.perf_counter()
            with site.served(cores) as (port, _pid):
                asked = request(path, port=port)
                loop(port, lambda asked=asked: asked, most=1)  # type: ignore[misc]
                ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            with floors(folder, page, cores):
                bare.append(time.perf_counter() - began)
    yield other(
        "from the start to the first page",
        f"{median(ours):.2f} s ({min(ours):.2f} to {max(ours):.2f})",
        f"Flask with one view: {median(bare):.2f} s",
        f"{MOST_SECONDS} s",
        met=median(ours) <= MOST_SECONDS,
    )
