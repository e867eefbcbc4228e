"""Threshold: questions under articles, a queue before they appear, and answers that last."""

from __future__ import annotations

import os

from flask import Flask

from app import config, wiring
from app.infra import db, http, slow_queries
from app.infra.http import front, watching
from app.infra.http.templates import Templates
from app.infra.unit_of_work import TransactionalFlask

__all__ = ["create_app"]


def create_app(settings: config.Settings | None = None, *, serving: bool = True) -> Flask:
    """The program, wired. Raises config.BadSettings when it is to serve and must not.

    `serving=False` is for commands that answer no request, such as migrations and imports.
    """
    settings = settings or config.read(os.environ)
    if serving:
        settings.refuse_unsafe()
    app = TransactionalFlask(
        __name__,
        template_folder=str(config.PROJECT / "templates"),
        static_folder=None,  # `web.assets` serves what pages use, and nothing else
        instance_path=str(settings.instance_folder),
    )
    app.jinja_environment = Templates
    wiring.configure(app, settings)
    db.prepare(app)
    http.install(app)
    wiring.connect(app)
    slow_queries.install(app)
    front.install(app)
    watching.install(app)  # last: it stands around all of it
    return app
