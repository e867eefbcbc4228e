"""Waiting, always with an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class NeverCame(Exception):
    """What was waited for did not happen in time."""


def until(
    look: Callable[[], Value], seconds: float, *, what: str = "", pause: float = 0.02
) -> Value:
    """What `look` answers as soon as that is true. Raises NeverCame."""
    end = time.monotonic() + seconds
    between = threading.Event()
    while not (seen := look()):
        if time.monotonic() > end:
            raise NeverCame(f"{what or look} after {seconds:.0f} s: {seen!r}")
        between.wait(pause)
    return seen
