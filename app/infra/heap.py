"""How the C library keeps memory for a process that serves for weeks with several threads."""

from __future__ import annotations

import ctypes
import os
import threading

ARENAS = 1
"""Left alone, glibc gives each thread a heap of its own, and what one of them once needed for a
large page no other can use: 80 MB after two hundred requests. Python's lock lets one thread at a
time come for memory anyway, but for what SQLite takes."""
MAPPED_FROM = 256 * 1024
"""Bytes: pieces from this size on, large pages and their compressed twins, are mapped by themselves
and given back when they are free. Without a word glibc raises this limit up to 32 MB."""
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""The numbers of malloc.h."""
GIVEN_BACK_SECONDS = 5.0
"""How often what is free is given back, a millisecond of work: under load it comes back soon."""


def hold_together() -> None:
    """Have one heap instead of one for each thread. To be called before threads are started; does
    nothing where the C library is another, or where MALLOC_ARENA_MAX says what is wanted."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None or "MALLOC_ARENA_MAX" in os.environ:
        return
    mallopt(_ARENA_MAX, ARENAS)
    mallopt(_MMAP_THRESHOLD, MAPPED_FROM)


def give_back() -> None:
    """Give the system the pages in which nothing stands any more. By itself the C library does so
    at the heap's end alone; between what is kept for long lies what a large page once needed."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def give_back_always() -> None:
    """Do so every now and then, for as long as the process runs."""

    def again() -> None:
        while not threading.Event().wait(GIVEN_BACK_SECONDS):
            give_back()

    threading.Thread(target=again, name="heap", daemon=True).start()
