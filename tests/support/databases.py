"""One migrated database a worker and kind, made clean again before each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from app.infra.db import db
from tests.support import postgres

KINDS = ("sqlite", "postgresql")
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)


class Database(Protocol):
    """`url` for the settings; `keep` after migrating, `clean` before each test. `save` keeps what
    a test has put in under a name, and `load` answers whether it could put that back."""

    url: str

    def keep(self, engine: Engine) -> None: ...

    def clean(self, engine: Engine) -> None: ...

    def save(self, name: str, engine: Engine, /) -> None: ...

    def load(self, name: str, engine: Engine, /) -> bool: ...

    def drop(self) -> None: ...


class Sqlite:
    """A file, and beside it the copy that was taken of it right after the migrations."""

    def __init__(self, name: str, folder: Path) -> None:
        # Each commit waits for the disk (synchronous=FULL); memory answers at once.
        in_memory = os.access(MEMORY, os.W_OK)
        self._folder = MEMORY / name if in_memory else folder
        self._folder.mkdir(exist_ok=True)
        self._file = self._folder / "threshold.db"
        self.url = f"sqlite:///{self._file}"

    def keep(self, engine: Engine) -> None:
        self.save("template", engine)

    def clean(self, engine: Engine) -> None:
        assert self.load("template", engine)

    def save(self, name: str, engine: Engine) -> None:
        engine.dispose()  # the last connection to close writes the log back into the file
        shutil.copyfile(self._file, self._copy(name))

    def load(self, name: str, engine: Engine) -> bool:
        if not self._copy(name).exists():
            return False
        engine.dispose()
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self._copy(name), self._file)
        return True

    def _copy(self, name: str) -> Path:
        return self._folder / f"{name}.copy"

    def drop(self) -> None:
        shutil.rmtree(self._folder)


class Postgres:
    """A database on the run's server, emptied by one round trip."""

    def __init__(self, run_folder: Path, name: str) -> None:
        self._server = postgres.server_url(run_folder)
        self._name = name
        self.url = postgres.new_database(self._server, name)
        self._emptying = ""

    def keep(self, engine: Engine) -> None:
        tables = [table.name for table in db.metadata.sorted_tables]
        with engine.connect() as connection:
            names = connection.exec_driver_sql("SELECT sequencename FROM pg_sequences").scalars()
            sequences = list(names)
        self._emptying = ";".join(
            [
                "SET session_replication_role = replica",  # no order among the tables to mind
                *(f'DELETE FROM "{table}"' for table in tables),  # noqa: S608  (our own tables)
                *(f"SELECT setval('\"{name}\"', 1, false)" for name in sequences),
                "SET session_replication_role = DEFAULT",
            ]
        )

    def clean(self, engine: Engine) -> None:
        # The test before may have ended all connections. Within one nobody does so to this pool,
        # and asking at each use whether they are there is a tenth of all that is asked.
        engine.pool._pre_ping = True
        with engine.connect() as connection:
            connection.exec_driver_sql(self._emptying)
            connection.commit()
        engine.pool._pre_ping = False

    def save(self, _name: str, _engine: Engine) -> None:
        """Nothing: rows are put in as quickly as a whole database is copied."""

    def load(self, _name: str, _engine: Engine) -> bool:
        return False

    def drop(self) -> None:
        postgres.drop_database(self._server, self._name)
