"""The program, with bare addresses where a part of it is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.web import health, search

PLACES = {
    "articles.home": "/",
    "articles.show": "/articles/<slug>",
    "articles.author": "/authors/<username>",
    "questions.show": "/questions/<int(max=2147483647):comment_id>-<slug>",
    "questions.permalink": "/comments/<int:comment_id>",
    "questions.index": "/questions/",
    "library.tag": "/tags/<slug>",
    "library.resource": "/resources/<slug>",
}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app()
    for part in (health, search):
        if part.blueprint.name not in app.blueprints:
            app.register_blueprint(part.blueprint)
    for endpoint, rule in PLACES.items():
        if endpoint not in app.view_functions:
            app.add_url_rule(rule, endpoint, lambda **_: "")
    with app.app_context():
        yield app
