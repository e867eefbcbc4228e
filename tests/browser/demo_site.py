"""The demo's site behind a real server, and the address of every page that it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.cli import demo
from app.domains.accounts.models import Account
from app.infra.db import db
from tests.conftest import settings_for
from tests.support.client import Browser
from tests.support.databases import Sqlite
from tests.support.server import serving
from tests.support.settings import change_settings


@dataclass(frozen=True)
class DemoSite:
    app: Flask
    address: str

    def account(self, username: str) -> Account:
        """Needs the site's application context."""
        found = db.session.scalar(select(Account).where(Account.username == username))
        assert found is not None
        return found


@contextmanager
def demo_site_in(run_folder: Path, worker: str) -> Iterator[DemoSite]:
    """Load the demo into a database of its own and serve it."""
    folder = run_folder / f"{worker}-demo"
    folder.mkdir()
    database = Sqlite(f"{worker}_demo", folder)
    app = create_app(settings_for(database.url, folder))
    app.test_client_class = Browser
    with app.app_context():
        flask_migrate.upgrade()
        assert demo.load_when_empty()
    with serving(app) as address:
        change_settings(app, public_url=address)
        yield DemoSite(app, address)
    with app.app_context():
        db.engine.dispose()
    database.drop()
