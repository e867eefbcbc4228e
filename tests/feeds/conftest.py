"""The program with the feeds, and with bare addresses where a part of it is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.feeds.views import blueprint

PLACES = {
    "articles.home": "/",
    "articles.show": "/articles/<slug>",
    "articles.author": "/authors/<username>",
    "questions.show": "/questions/<int(max=2147483647):comment_id>-<slug>",
    "questions.permalink": "/comments/<int:comment_id>",
    "library.tag": "/tags/<slug>",
    "library.resource": "/resources/<slug>",
}


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    app = make_app()
    if "feeds" not in app.blueprints:
        app.register_blueprint(blueprint)
    for endpoint, rule in PLACES.items():
        if endpoint not in app.view_functions:
            app.add_url_rule(rule, endpoint, lambda **_: "")
    with app.app_context():
        yield app
