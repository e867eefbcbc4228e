"""A PostgreSQL of the experiment's own, which can be stopped, and a faulty network before one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from benchmarks.faults.proxy import Proxy, between
from tests.support.postgres import programs
from tests.support.smtp import free_port

STANDARD_PORT = 5432


class Cluster:
    """`url` is where it answers while it runs. It waits for the disk at each commit."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        folder.parent.chmod(0o711)  # the server is no root's, and has to pass
        self._bin, self._user = programs(folder)
        self._port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def make(self) -> None:
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "-E", "UTF8")

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._control("start", "-l", str(self._folder / "log"), "-o", options)

    def stop(self) -> None:
        """At once, as after a fault: what was committed is found in its log at the next start."""
        self._control("stop", "-m", "immediate")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "-w", "-t", "60", "-D", str(self._data), *words)

    def _run(self, program: str, *words: str) -> None:
        told = self._folder / "told"  # a pipe would stay open as long as the server it started
        with told.open("wb") as file:
            done = subprocess.run(  # noqa: S603  (PostgreSQL's own programs)
                [self._bin / program, *words],
                user=self._user,
                cwd=self._folder,
                stdout=file,
                stderr=file,
                check=False,
                timeout=120,
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {told.read_text()}")


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running server in a folder below this one, gone with the block."""
    made = Cluster(folder / "cluster")
    made.make()
    made.start()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder / "cluster")


@contextmanager
def before_database(url: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the database of this URL, and the URL that leads through it."""
    direct = make_url(url)
    folder = direct.query.get("host", direct.host or "127.0.0.1")
    port = direct.port or STANDARD_PORT
    is_socket = str(folder).startswith("/")
    socket = Path(str(folder)) / f".s.PGSQL.{port}" if is_socket else None
    with between("" if is_socket else str(folder), port, socket=socket) as proxy:
        yield proxy, _through(direct, proxy.port)


def _through(direct: URL, port: int) -> str:
    query = {name: value for name, value in direct.query.items() if name != "host"}
    led = direct.set(host="127.0.0.1", port=port, query={**query, "sslmode": "disable"})
    return led.render_as_string(hide_password=False)


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows of one statement, asked directly; none where it has none."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchall() if found.description else []


IDLE_IN_TRANSACTION = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND state LIKE 'idle in transaction%' AND now() - state_change > interval '2 seconds'"
)
END_ALL = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
