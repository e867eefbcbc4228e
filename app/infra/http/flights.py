"""Of many who want the same page made at once, one makes it and the others wait for that one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 5.0
"""Longer than any page takes; whoever has waited so long makes it alone."""


class Flight:
    """`is_barren` says that what is made here cannot be kept, so that nobody need wait for it."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.askers = 0
        self.is_barren = False


class Flights:
    def __init__(self) -> None:
        self._under_way: dict[str, Flight] = {}
        self._lock = threading.Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[Flight]:
        """Have the turn at what bears this name: whoever comes meanwhile waits, and should look
        first whether it is there by now."""
        with self._lock:
            flight = self._under_way.setdefault(key, Flight())
            flight.askers += 1
        has_turn = not flight.is_barren and flight.turn.acquire(timeout=PATIENCE_SECONDS)
        try:
            yield flight
        finally:
            if has_turn:
                flight.turn.release()
            with self._lock:
                flight.askers -= 1
                if not flight.askers:
                    del self._under_way[key]
