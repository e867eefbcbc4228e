"""The site's own processes: started as operators start them, and killed as no operator would."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.config import PROJECT
from benchmarks.faults.clients import NO_ANSWER, Client
from benchmarks.faults.waiting import until
from tests.support.smtp import free_port

STARTING_SECONDS = 90.0
"""A start takes two seconds; a busy machine takes its time."""
ENDING_SECONDS = 60.0


class Process:
    """One command in a process group of its own, its output in a file."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  (our own programs)
                [*command],
                env={**os.environ, **environment},
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def children(self) -> list[int]:
        """The processes that this one has started and that still run, oldest first."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return sorted(map(int, found.read_text().split())) if self.is_running else []

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        """kill -9 of the whole group: of this process and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait(ENDING_SECONDS)

    def stop(self, *, seconds: float = ENDING_SECONDS) -> int:
        """TERM, then wait; kill -9 where that does not help in time. The exit code."""
        if self.is_running:
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.wait()

    def wait(self, seconds: float = ENDING_SECONDS) -> int:
        return self._process.wait(seconds)

    def said(self) -> str:
        return self.log.read_text(errors="replace")


class Server(Process):
    """A served site: `flask serve`, or gunicorn with several workers."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path, port: int
    ) -> None:
        super().__init__(command, environment, log)
        self.port = port

    def await_answer(self, seconds: float = STARTING_SECONDS) -> None:
        """Until `/healthz` says 200; raises NeverCame with the end of the log."""
        until(self.is_well, seconds, what=f"{self.log.name} answers", pause=0.05)

    def is_well(self) -> bool:
        if not self.is_running:
            raise RuntimeError(f"the server ended: {self.said()[-2000:]}")
        try:
            return Client(self.port, timeout=5).get("/healthz").status == 200
        except NO_ANSWER:
            return False

    def client(self, *, timeout: float = 30.0) -> Client:
        return Client(self.port, timeout=timeout)


def flask(*words: str) -> list[str]:
    """`flask --app wsgi …` of the environment that runs this."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *words]


GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
"""Several processes, as we hand them to operators; how many stands in the environment."""


__all__ = ["GUNICORN", "Process", "Server", "flask", "free_port"]
