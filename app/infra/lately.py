"""What was read a moment ago, kept in each process so that many who ask at once ask only once.

It is for numbers that may be a second old. What this process commits is seen at once; what
another one does is seen when the second is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

from app.infra import clock
from app.infra.db import db

Value = TypeVar("Value")
KEPT = timedelta(seconds=1)
MOST = 200
"""Keys; beyond them all are forgotten."""

_all: list[Lately[object]] = []


class Lately(Generic[Value]):
    """One kind of thing that is read again and again. Whoever comes while it is being read waits
    for it instead of reading it too."""

    def __init__(self) -> None:
        self._found: WeakKeyDictionary[Engine, dict[Hashable, tuple[datetime, Value]]] = (
            WeakKeyDictionary()
        )
        self._lock = threading.Lock()
        _all.append(cast("Lately[object]", self))

    def get(self, key: Hashable, read: Callable[[], Value]) -> Value:
        """What was read under this key within the last second, else what `read` finds now."""
        with self._lock:
            known = self._found.setdefault(db.engine, {})
            at, value = known.get(key, (None, None))
            now = clock.now()
            if at is not None and timedelta(0) <= now - at < KEPT:
                return cast("Value", value)
            if len(known) >= MOST:
                known.clear()
            found = read()
            known[key] = now, found
            return found

    def forget(self) -> None:
        self._found = WeakKeyDictionary()


def forget_all() -> None:
    """Read everything anew from now on."""
    for kind in _all:
        kind.forget()


@event.listens_for(db.session, "after_commit")
def _on_commit(_session: object) -> None:
    forget_all()
