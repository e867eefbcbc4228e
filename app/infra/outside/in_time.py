"""A call outside while somebody waits: it ends in time whatever it waits for, and few wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from app.infra.outside.questions import NoAnswer

AT_ONCE = 3
"""Threads of a process that wait; there are eight, and readers need them."""
GRACE_SECONDS = 0.5
"""What a call that ends by itself may take longer than its time."""
Found = TypeVar("Found")
_waiting = threading.BoundedSemaphore(AT_ONCE)


class Busy(NoAnswer):
    """Nobody was called, since enough others wait for an answer already."""


def in_time(act: Callable[[], Found], *, seconds: float) -> Found:
    """What this call brings, given up after its time: the system's own lookup of a name has no
    limit that we could set, so it runs in a thread that nobody waits for any longer. It counts as
    waiting until it ends. Raises NoAnswer, Busy."""
    if not _waiting.acquire(blocking=False):
        raise Busy("others wait for it already")
    found: list[Found] = []
    wrong: list[Exception] = []

    def run() -> None:
        try:
            found.append(act())
        except (NoAnswer, ValueError) as fault:  # ValueError: a name that is none
            wrong.append(fault)
        finally:
            _waiting.release()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds + GRACE_SECONDS)
    if found:
        return found[0]
    if wrong:
        raise NoAnswer(str(wrong[0])) from wrong[0]
    raise NoAnswer("it took too long")
