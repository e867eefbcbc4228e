"""A site of one experiment: its database, its settings, and the processes that serve it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from flask import Flask
from sqlalchemy.engine import make_url

from app import create_app
from app.config import reading
from app.infra.db import db
from benchmarks.faults.forked import Forked
from benchmarks.faults.processes import GUNICORN, Process, Server, flask, free_port

Result = TypeVar("Result")
Ran = TypeVar("Ran", bound=Process | Forked)
ARTICLES = tuple(f"/articles/{name}" for name in ("hips", "knees", "feet"))
"""The articles that stand in every site; readers write under them."""
MODERATORS = ("ada@example.com", "bo@example.com")
AUTHOR = "cy@example.com"


class Site:
    """`environment` are the settings of all its processes; `folder` holds its files and logs."""

    def __init__(self, url: str, folder: Path, **environment: str) -> None:
        self.url = url
        self.folder = folder
        self.environment = {
            "THRESHOLD_MODE": "demo",
            "DATABASE_URL": url,
            "INSTANCE_FOLDER": str(folder),
            "RATE_LIMITS": "0",
            "MATCHING_MODEL": "none",
            "PASSWORD_COST": "1",
            "DISK_LEAST_MB": "1",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self._processes: list[Process | Forked] = []

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return Path(str(make_url(self.url).database))

    @cached_property
    def program(self) -> Flask:
        """The program on this database, in this process: for looking and for laying rows."""
        return create_app(reading.read(self.environment), serving=False)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """In an application context; what is read is what stands there now."""
        with self.program.app_context():
            try:
                yield
            finally:
                db.session.remove()
                db.engine.dispose()

    def look(self, query: Callable[[], Result]) -> Result:
        with self.inside():
            return query()

    def serve(self, *, port: int = 0, name: str = "serve", **environment: str) -> Server:
        """`flask serve`, a worker thread beside it; it answers when this returns."""
        port = port or free_port()
        given = {**self.environment, "PORT": str(port), **environment}
        return self._started(Server(flask("serve"), given, self.folder / f"{name}.log", port))

    def gunicorn(
        self,
        *,
        port: int = 0,
        workers: int = 2,
        threads: int = 4,
        before: Sequence[str] = (),
        **environment: str,
    ) -> Server:
        """Several processes that serve, and none that works: see `worker`. `before` is a command
        that watches over them."""
        port = port or free_port()
        sizes = {"WEB_PROCESSES": str(workers), "WEB_THREADS": str(threads)}
        given = {**self.environment, **sizes, "PORT": str(port), **environment}
        log = self.folder / "gunicorn.log"
        return self._started(Server([*before, *GUNICORN], given, log, port))

    def worker(self, *, name: str = "worker", **environment: str) -> Process:
        return self.run("worker", name=name, **environment)

    def run(self, *words: str, name: str = "command", **environment: str) -> Process:
        """A command of the program, begun and not waited for."""
        log = self.folder / f"{name}.log"
        return self._begun(Process(flask(*words), {**self.environment, **environment}, log))

    def forked(self, *words: str, name: str = "command") -> Forked:
        """A command that waits for its standard input."""
        return self._begun(Forked(words, self.environment, self.folder / f"{name}.log"))

    def close(self) -> None:
        """End whatever of this site still runs."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.kill()

    def _started(self, server: Server) -> Server:
        self._begun(server).await_answer()
        return server

    def _begun(self, process: Ran) -> Ran:
        self._processes.append(process)
        return process
