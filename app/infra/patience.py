"""How long a request waits for PostgreSQL in all; outside of requests nobody is hurried.

A network that swallows packets, or a proxy before the database that hangs, answers nothing: the
driver has no limit for that, and after a few requests every thread would stand there. So each has
`SECONDS`, and after one that was not answered the next ones have `SHORT_SECONDS`, until a database
that is back answers one: what comes meanwhile is refused soon, and does not pile up.
`infra.hurried` makes the connections that keep to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

SECONDS = 6.0
"""Longer than a migration waits for a table, with requests behind it (`infra.migrating`)."""
SHORT_SECONDS = 1.0
SULK_SECONDS = 10.0
"""For how long after no answer came requests have the short time, if none is answered sooner."""

_until: ContextVar[float | None] = ContextVar("until", default=None)
_silent_until = float("-inf")


@contextmanager
def bounded() -> Iterator[None]:
    """What waits for the database in this block does so for a few seconds in all."""
    own = _until.set(monotonic() + (SHORT_SECONDS if monotonic() < _silent_until else SECONDS))
    try:
        yield
    finally:
        _until.reset(own)


def until() -> float | None:
    """When the time of this block is over, on the monotonic clock; None where nobody is hurried."""
    return _until.get()


def sulk(seconds: float) -> None:
    """Give requests the short time for so long, because no answer came; 0: one came."""
    global _silent_until  # noqa: PLW0603  (how the one database answers)
    _silent_until = monotonic() + seconds if seconds else float("-inf")


def forget() -> None:
    """As if every question had been answered so far."""
    sulk(0)
