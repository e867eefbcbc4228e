"""Whose turn it is to write to an SQLite file, among all threads and processes of this machine.

SQLite's own waiting is looking again now and then, ever more seldom, and starves some of eight
writers. So whoever wants to write holds one byte of a file beside the database before beginning.
The system takes a lock back from a process that dies, so a killed one leaves nothing behind.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

logger = logging.getLogger(__name__)

SUFFIX = "-turn"
_WRITER, _NEXT = 0, 1
"""The bytes of the file: who writes, and who is next. Whoever has just written finds the second
one held, so nobody who writes often comes back before who waits."""
LOOK_SECONDS = 0.003
"""How often who waits looks, at first; the longer somebody has waited, the more often."""
SHORTEST_LOOK_SECONDS = 0.0005
HALVED_AFTER_SECONDS = 0.05


class Turn:
    """The turn of one database file. Its locks are the process's, and closing any descriptor of
    the file would let go of them: so there is one of these for a file (`of`), never closed."""

    def __init__(self, database: str) -> None:
        self._threads = threading.Lock()
        self._file = self._opened(database + SUFFIX)

    @contextmanager
    def taken(self, seconds: float) -> Iterator[bool]:
        """Hold the turn for the time of a block; whether it came within so many seconds."""
        until = monotonic() + seconds
        if not self._threads.acquire(timeout=seconds):
            yield False
            return
        try:
            has_it = self._file is None or self._reach(self._file, until)
            try:
                yield has_it
            finally:
                if has_it and self._file is not None:
                    _let_go(self._file, _WRITER)
        finally:
            self._threads.release()

    @staticmethod
    def _opened(name: str) -> int | None:
        try:
            return os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as wrong:
            logger.warning("only the threads of this process take turns at writing: %s", wrong)
            return None

    @staticmethod
    def _reach(file: int, until: float) -> bool:
        began = monotonic()
        if not _wait(file, _NEXT, began, until):
            return False
        try:
            return _wait(file, _WRITER, began, until)
        finally:
            _let_go(file, _NEXT)


def of(database: str) -> Turn:
    """The turn of this file, the same one for all programs of this process."""
    with _opening:
        if database not in _turns:
            _turns[database] = Turn(database)
        return _turns[database]


_turns: dict[str, Turn] = {}
_opening = threading.Lock()


def _wait(file: int, place: int, began: float, until: float) -> bool:
    """Look for this byte until it is free, or the time is over."""
    while not _is_ours(file, place):
        now = monotonic()
        if now >= until:
            return False
        often = 1 + (now - began) / HALVED_AFTER_SECONDS
        sleep(min(max(LOOK_SECONDS / often, SHORTEST_LOOK_SECONDS), until - now))
    return True


def _is_ours(file: int, place: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
    except (BlockingIOError, PermissionError):  # systems differ in how they say "held"
        return False
    return True


def _let_go(file: int, place: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
