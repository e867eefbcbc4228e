"""Waiting for what another thread or process does, no longer than it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


def eventually(look: Callable[[], Value], seconds: float = 60.0) -> Value:
    """What `look` answers as soon as that is true; fails when it never is."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while not (seen := look()):
        assert time.monotonic() < until, f"{look} was still {seen!r} after {seconds} seconds"
        pause.wait(0.02)
    return seen
