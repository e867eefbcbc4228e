"""One heap for all threads, in a process of its own: what is set there cannot be taken back."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from app.config import PROJECT
from tests.support.alone import ALONE

PROGRAM = """
import ctypes, threading
from app.infra import heap
heap.hold_together()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
together = threading.Barrier(4)
def take():
    together.wait()
    libc.malloc(ctypes.c_size_t(100_000))
    together.wait()
threads = [threading.Thread(target=take) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
libc.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(libc.fdopen(1, b"w"))
libc.malloc_info(0, out)
libc.fflush(out)
"""


def heaps(**environment: str) -> int:
    kept = {name: value for name, value in os.environ.items() if name != "MALLOC_ARENA_MAX"}
    found = subprocess.run(
        [sys.executable, "-c", ALONE + PROGRAM],
        env=kept | environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.count("<heap nr=")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is another")
def test_threads_share_one_heap_unless_the_operator_says_otherwise() -> None:
    assert (heaps(), heaps(MALLOC_ARENA_MAX="3")) == (1, 3)


FREEING = """
from pathlib import Path
from app.infra import heap
heap.hold_together()
def held():
    return int(Path("/proc/self/statm").read_text().split()[1])
pieces = [b"x" * 50_000 for _ in range(1_000)]
kept = pieces[::10]
full = held()
del pieces
left = held()
heap.give_back()
print(full - left, full - held())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is another")
def test_what_is_free_between_what_is_kept_is_given_back() -> None:
    found = subprocess.run(
        [sys.executable, "-c", ALONE + FREEING],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    by_itself, given_back = map(int, found.stdout.split())
    assert by_itself < 2_000  # pages of 4 KiB; 11,000 of them were free
    assert given_back > 8_000
