"""What is counted for whoever watches over the site, as Prometheus reads it.

Any part may raise these; `/metrics` shows them. Where several processes serve, the variable
PROMETHEUS_MULTIPROC_DIR names a folder in which they add up; it must be set before the start.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import monotonic

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
MEMORY_EVERY_SECONDS = 5.0
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a count began, nobody asks
requests = Counter(
    "threshold_requests", "Answers by route and status.", ["method", "route", "status"]
)
request_seconds = Histogram(
    "threshold_request_seconds", "How long an answer took.", ["route"], buckets=SECONDS
)
kept_pages = Counter(
    "threshold_kept_pages", "Pages that were kept: found (hit) or drawn anew (miss).", ["outcome"]
)
job_runs = Counter(
    "threshold_job_runs", "Jobs by how they ended: done, again (put back) or failed.",
    ["kind", "outcome"],
)  # fmt: skip
mails = Counter(
    "threshold_mails", "Mails by how they went: sent, again (later) or refused (for ever).",
    ["outcome"],
)  # fmt: skip
mailed_replies = Counter(
    "threshold_mailed_replies", "Mails that came in as answers, by what became of them.",
    ["outcome"],
)  # fmt: skip
slow_queries = Counter("threshold_slow_queries", "Statements above SLOW_QUERY_MS.")
limits_reached = Counter("threshold_limits_reached", "Requests refused for coming too often.")
_memory = Gauge(
    "threshold_process_resident_bytes", "Memory of a process.", multiprocess_mode="liveall"
)
_measured = float("-inf")


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answer. `route` is the rule of the address and never the address itself, so that
    nobody can fill the memory with labels."""
    told = method if method in METHODS else "other"
    requests.labels(told, route, str(status)).inc()
    request_seconds.labels(route).observe(seconds)
    _measure_memory()


def as_text(*also: Collector) -> bytes:
    """All that was counted, in every process that shares the folder, and what `also` measures."""
    _measure_memory(now=True)
    counted = REGISTRY
    if FOLDER in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    measured = CollectorRegistry()
    for collector in also:
        measured.register(collector)
    return generate_latest(counted) + generate_latest(measured)


def resident_bytes() -> int:
    """The memory of this process that is in the machine's, from /proc; 0 where there is none."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _measure_memory(*, now: bool = False) -> None:
    global _measured  # noqa: PLW0603  (one process has one memory)
    if now or monotonic() - _measured > MEMORY_EVERY_SECONDS:
        _measured = monotonic()
        _memory.set(resident_bytes())
