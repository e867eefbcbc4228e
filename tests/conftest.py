"""What every test may ask for: a clean database of each kind, the program on it, real servers.

Tests that ask for the database run on SQLite and on PostgreSQL; `@pytest.mark.one_database` keeps
to SQLite where the database makes no difference (`one_database("postgresql")` to the other).
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast

import flask_migrate
import hypothesis
import pytest
import redis
import time_machine
from argon2 import PasswordHasher
from flask import Flask

from app import create_app
from app.config import Settings
from app.domains.accounts import passwords
from app.domains.accounts.models import Account
from app.infra import jobs, lately
from app.infra.db import db
from app.infra.http.limits import limiter
from tests.support import postgres, queries
from tests.support.client import Browser, signed_in
from tests.support.compiled import COMPILED
from tests.support.databases import KINDS, MEMORY, Database, Postgres, Sqlite
from tests.support.reactions import together
from tests.support.redis import running_redis
from tests.support.server import serving
from tests.support.settings import change_settings
from tests.support.smtp import MailServer

hypothesis.settings.register_profile("untimed", deadline=None)  # speed is for the benchmarks
hypothesis.settings.load_profile("untimed")

RUN_FOLDER = "THRESHOLD_TEST_RUN"
Facts = TypeVar("Facts")
SECRET = "only-the-tests-sign-with-this-long-secret"
CHEAP = 1


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "one_database(kind='sqlite'): the database makes no difference here"
    )
    if not hasattr(config, "workerinput"):  # the one process that outlives all workers
        os.environ[RUN_FOLDER] = tempfile.mkdtemp(prefix="threshold-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        folder = Path(os.environ.pop(RUN_FOLDER))
        postgres.stop(folder)
        for left in (folder, *MEMORY.glob(f"{folder.name}_*")):  # a killed worker leaves its own
            shutil.rmtree(left, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Thousands of tests are no garbage: nobody looks for any among them while they are put
    together, nor at each of the large collections later."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    kinds = KINDS
    only = metafunc.definition.get_closest_marker("one_database")
    if only is not None:
        kinds = only.args or ("sqlite",)
    elif "browser" in metafunc.definition.path.parts:
        kinds = ("sqlite",)  # what a browser sees was decided above the database
    metafunc.parametrize("database_kind", kinds)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """At the cost of the tests' own sites a hash takes a megabyte and no time; at any other cost
    it is the program's own."""
    own = passwords._hasher
    cheap = PasswordHasher(time_cost=CHEAP, memory_cost=1024, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", lambda cost: cheap if cost == CHEAP else own(cost))
        yield


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """A folder with a short path that all workers of this run share."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def worker(run_folder: Path) -> str:
    """This worker's name, unlike any other's, runs elsewhere on the machine included."""
    return f"{run_folder.name}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"


@pytest.fixture(scope="session")
def folders(run_folder: Path, worker: str) -> Iterator[Path]:
    """Where this worker's tests get their folders one after the other."""
    parent = run_folder / f"{worker}-tests"
    parent.mkdir()
    return (parent / str(number) for number in count(1))


@pytest.fixture
def tmp_path(folders: Iterator[Path]) -> Path:
    """An empty folder for one test, gone with the run. pytest's own looks through those of all
    tests before to find a name; where thousands ask, that takes longer than many a test."""
    folder = next(folders)
    folder.mkdir()
    return folder


def settings_for(url: str, folder: Path) -> Settings:
    """A site on this database: cheap passwords, no rate limits, mail to the log."""
    return Settings(
        mode="demo",
        secret_key=SECRET,
        public_url="http://localhost",
        database_url=url,
        instance_folder=folder,
        site_name="Standing Well",
        rate_limits=False,
        password_cost=CHEAP,
    )


class Sites:
    """The migrated databases of this worker and the program on each, made when first asked for."""

    def __init__(self, run_folder: Path, worker: str) -> None:
        self._run_folder = run_folder
        self._worker = worker
        self._made: dict[str, tuple[Database, Flask]] = {}
        self._facts: dict[str, Any] = {}

    def get(self, kind: str) -> tuple[Database, Flask]:
        if kind not in self._made:
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def furnish(self, kind: str, name: str, put: Callable[[], Facts]) -> Facts:
        """What `put` answered when it filled the database of this kind, which is filled now."""
        database, _ = self._made[kind]
        db.session.remove()
        if not database.load(name, db.engine):
            self._facts[name] = put()
            db.session.commit()
            db.session.remove()
            database.save(name, db.engine)
        return cast("Facts", self._facts[name])

    def close(self) -> None:
        for database, app in self._made.values():
            with app.app_context():
                db.engine.dispose()
            database.drop()

    def _make(self, kind: str) -> tuple[Database, Flask]:
        folder = self._run_folder / f"{self._worker}-{kind}"
        folder.mkdir()
        database: Database
        if kind == "sqlite":
            database = Sqlite(self._worker, folder)
        else:
            database = Postgres(self._run_folder, f"threshold_test_{self._worker}")
        app = create_app(settings_for(database.url, folder))
        app.jinja_env.bytecode_cache = COMPILED
        app.testing = True
        app.test_client_class = Browser
        with app.app_context():
            flask_migrate.upgrade()
            database.keep(db.engine)
        return database, app


@pytest.fixture(scope="session")
def sites(run_folder: Path, worker: str) -> Iterator[Sites]:
    made = Sites(run_folder, worker)
    yield made
    made.close()


@pytest.fixture
def database_url(database_kind: str, sites: Sites) -> str:
    """A clean, migrated database of the kind that this run of the test is for."""
    database, app = sites.get(database_kind)
    with app.app_context():
        database.clean(db.engine)
    return database.url


@pytest.fixture
def app(database_url: str, database_kind: str, sites: Sites, tmp_path: Path) -> Iterator[Flask]:
    """The program on a clean database, its application context pushed; what follows from an act
    happens with it. That a worker does a part of it later has tests of its own
    (`tests/infra/test_happenings.py`).

    It is shared by the tests of a worker: settings and configuration are put back afterwards, but
    a test that wants other blueprints or hooks asks for `make_app`."""
    _, shared = sites.get(database_kind)
    config = dict(shared.config)
    extensions = dict(shared.extensions)
    pages = dict(shared.jinja_env.globals)
    change_settings(shared, instance_folder=tmp_path)
    shared.extensions["front"].forget()
    lately.forget_all()
    at_once, later = shared.extensions["reactions"], shared.extensions["later"]
    shared.extensions["reactions"] = together(at_once, later)
    shared.extensions["later"] = {}
    with shared.app_context():
        yield shared
        db.session.remove()
    shared.config.clear()
    shared.config.update(config)
    shared.extensions.clear()
    shared.extensions.update(extensions)
    shared.jinja_env.globals.clear()
    shared.jinja_env.globals.update(pages)


@pytest.fixture
def furnished(
    app: Flask, database_kind: str, sites: Sites
) -> Callable[[str, Callable[[], Facts]], Facts]:
    """The clean database with what a function puts into it, which a worker does only once where
    the database can be copied: `furnished("routes", put_things)`. The function answers with plain
    values (ids, addresses), which are given to every test of this name."""

    def furnish(name: str, put: Callable[[], Facts]) -> Facts:
        return sites.furnish(database_kind, name, put)

    return furnish


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make another program on the same database, with settings changed: `make_app(port=1)`."""
    made: list[Flask] = []

    def make(**changes: Any) -> Flask:
        folder = changes.pop("instance_folder", tmp_path)
        app = create_app(replace(settings_for(database_url, folder), **changes))
        app.jinja_env.bytecode_cache = COMPILED
        app.test_client_class = Browser
        made.append(app)
        return app

    yield make
    limiter.enabled = False  # it is one for all programs; the last one made may have turned it on
    limiter._storage_dead = False  # and may have lost its Redis
    for app in made:
        if (replicas := app.extensions.get("replicas")) is not None:
            replicas.stop()
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser nobody is signed in to."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser


@pytest.fixture
def as_(app: Flask) -> Callable[[Account], Browser]:
    """A browser in which this account is signed in: `as_(make_account("moderator"))`."""
    return lambda account: signed_in(app, account)


@pytest.fixture
def csrf_token() -> Callable[[Browser], str]:
    """The token that a form of this browser carries: `csrf_token(client)`."""
    return Browser.csrf_token


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[queries.Counted]]:
    """`with count_queries() as counted: …` and then `counted.total`."""
    return queries.count_queries


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still on a Tuesday in March and moves when told (`clock.shift(60)`)."""
    with time_machine.travel("2026-03-03T09:30:00+00:00", tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mails(app: Flask, mail_server: MailServer) -> MailServer:
    """A real SMTP server that the program now sends to; `deliver()` runs the jobs that send."""
    mail_server.clear()
    change_settings(app, mail_backend="smtp", smtp_port=mail_server.port)
    return mail_server


@pytest.fixture
def deliver(app: Flask) -> Callable[[], int]:
    """Run the jobs that are due, as the worker does; how many ran."""
    return lambda: jobs.run_due(app.extensions["jobs"])


@pytest.fixture(scope="session")
def redis_server(run_folder: Path) -> Iterator[str]:
    with running_redis(run_folder) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """A real Redis with nothing in it."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """The program behind a real server; gives its address."""
    with serving(app) as address:
        change_settings(app, public_url=address)
        yield address
