"""The one file that knows everyone: blueprints, commands, reactions to events, jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Flask
from flask_migrate import Migrate

from app.config import PROJECT, Settings
from app.domains.accounts import models as _accounts
from app.domains.articles import models as _articles
from app.domains.comments import models as _comments
from app.domains.resources import models as _resources
from app.domains.tags import models as _tags
from app.importers import models as _importers
from app.infra import audit as _audit
from app.infra import events
from app.infra.db import db, engine_options
from app.infra.jobs import JobFunction
from app.notifications import models as _notifications
from app.search import models as _search
from app.web import accounts as _web_accounts
from app.web import filters

MODELS = (
    _accounts,
    _articles,
    _audit,
    _comments,
    _importers,
    _notifications,
    _resources,
    _search,
    _tags,
)
"""Imported so that migrations see every table."""

BLUEPRINTS: Sequence[Blueprint] = (_web_accounts.blueprint,)
REACTIONS: Mapping[type, Sequence[events.Handler]] = {}
JOBS: Mapping[str, JobFunction] = {}


def configure(app: Flask, settings: Settings) -> None:
    """Settings as Flask and its extensions want them."""
    settings.instance_folder.mkdir(parents=True, exist_ok=True)
    app.extensions["settings"] = settings
    app.extensions["reactions"] = REACTIONS
    app.extensions["jobs"] = JOBS
    app.config.update(
        SECRET_KEY=settings.secret_key or None,
        SESSION_COOKIE_NAME="__Host-threshold" if settings.is_https else "threshold",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.sqlalchemy_url),
        TEMPLATES_AUTO_RELOAD=False,
    )


def connect(app: Flask) -> None:
    """Register what stands on the parts below."""
    Migrate(app, db, directory=str(PROJECT / "app" / "migrations"))
    filters.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
