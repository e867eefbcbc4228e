"""A real copy of the run's PostgreSQL, kept by streaming, that can be held up and stopped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from tests.support.postgres import programs
from tests.support.smtp import free_port


class StreamingReplica:
    """`url_of(url)` is where a database of the primary is found on the copy."""

    def __init__(self, folder: Path, primary: str) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        self._primary = primary
        self._bin, self._user = programs(folder)

    def make(self) -> None:
        source = make_url(self._primary).render_as_string(hide_password=False)
        self._run("pg_basebackup", "-d", source, "-D", str(self._data), "-R", "-c", "fast")

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", log, "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-w", "-D", str(self._data), "-m", "immediate", "stop")

    def url_of(self, url: str) -> str:
        parsed = make_url(url)
        there = parsed.set(host="127.0.0.1", port=self._port, query={})
        return there.render_as_string(hide_password=False)

    def hold_up(self) -> None:
        """Replay nothing from now on, however much comes in."""
        self._ask("SELECT pg_wal_replay_pause()")

    def let_go(self) -> None:
        self._ask("SELECT pg_wal_replay_resume()")

    def _ask(self, statement: str) -> None:
        with psycopg.connect(self.url_of(self._primary), autocommit=True) as connection:
            connection.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        told = self._folder / "told"  # a pipe would stay open as long as the server that it started
        with told.open("wb") as file:
            done = subprocess.run(
                [self._bin / program, *arguments],
                user=self._user,
                cwd=self._folder,
                stdout=file,
                stderr=file,
                check=False,
            )
        assert done.returncode == 0, f"{program}: {told.read_text()}"


@contextmanager
def streaming(run_folder: Path, name: str, primary: str) -> Iterator[StreamingReplica]:
    """A copy of the server at `primary`, running, in a folder of this name."""
    folder = run_folder / name
    folder.mkdir()
    replica = StreamingReplica(folder, primary)
    replica.make()
    replica.start()
    try:
        yield replica
    finally:
        replica.stop()
        shutil.rmtree(folder)
