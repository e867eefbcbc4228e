"""A guard for what must not hang, whatever it is given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

GENEROUS_SECONDS = 20.0
"""Of the processor's time. What is guarded takes some hundredths of a second; a pattern that tries
all ways, or a loop in a loop over ten thousand characters, takes minutes to years. It is a guard
and no measure: how fast a thing is stands in benchmarks/README.md."""


@contextmanager
def no_hanging() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < GENEROUS_SECONDS
