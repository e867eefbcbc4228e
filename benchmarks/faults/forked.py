"""Commands in processes of their own that need not read the program first: one process has read it
and makes them. A start costs a fifth, and everything after it is the command's own."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import struct
import sys
import termios
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from flask.cli import main

from app.config import PROJECT
from benchmarks.faults.processes import ENDING_SECONDS, STARTING_SECONDS
from benchmarks.faults.waiting import until

STDIN, STDOUT, STDERR = 0, 1, 2
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["app.wiring", __name__])


class Forked:
    """One command that reads its standard input, as a mail server hands a mail over; its output in
    a file."""

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        reading, self._pipe = _forking.Pipe(duplex=False)
        given = {**os.environ, **environment}
        self._process = _forking.Process(target=_run, args=([*words], given, log, reading))
        self._process.start()
        reading.close()

    def give(self, content: bytes) -> None:
        """Hand it over without an end; returns when the command has read it and waits for more.
        Raises NeverCame, and RuntimeError where it ended."""
        os.write(self._pipe.fileno(), content)
        until(self._has_read, STARTING_SECONDS, what=f"{self.log.name} reads")

    def end(self) -> None:
        """Nothing more comes: the command goes to work."""
        self._pipe.close()

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        """kill -9."""
        self._process.kill()
        self._process.join(ENDING_SECONDS)

    def wait(self, seconds: float = ENDING_SECONDS) -> int:
        """The exit code. Raises TimeoutError."""
        self._process.join(seconds)
        if self._process.exitcode is None:
            raise TimeoutError(f"{self.log.name} does not end")
        return self._process.exitcode

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def _has_read(self) -> bool:
        if not self.is_running:
            raise RuntimeError(f"the command ended: {self.said()[-2000:]}")
        (left,) = struct.unpack("i", fcntl.ioctl(self._pipe.fileno(), termios.FIONREAD, bytes(4)))
        return bool(left == 0)


def _run(words: list[str], environment: Mapping[str, str], log: Path, reading: Connection) -> None:
    """In the new process: what a shell does before a command, and then the command."""
    os.chdir(PROJECT)
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(reading.fileno(), STDIN)
    with log.open("ab") as output:
        for stream in (STDOUT, STDERR):
            os.dup2(output.fileno(), stream)
    reading.close()
    sys.stdin = os.fdopen(STDIN, closefd=False)
    sys.argv = ["flask", "--app", "wsgi", *words]
    main()
