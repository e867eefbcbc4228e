"""A bench: the program's own frame with a few views that act as a test needs them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, abort, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import create_app
from app.domains.tags.models import Tag
from app.infra import lately
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from tests.conftest import settings_for
from tests.support.client import Browser
from tests.support.compiled import COMPILED
from tests.support.settings import change_settings


class TooBlunt(Refusal):
    public = "That was too blunt."
    status = 409


def add_tag(name: str = "hip") -> None:
    db.session.add(Tag(slug=name, name=name))
    db.session.flush()


def tag_names() -> list[str]:
    return list(db.session.scalars(select(Tag.name).order_by(Tag.name)))


@pytest.fixture(scope="session")
def benches() -> Iterator[dict[str, Flask]]:
    """The benches that this worker has made, by the URL of their database."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def bench(
    database_url: str, run_folder: Path, benches: dict[str, Flask], tmp_path: Path
) -> Iterator[Flask]:
    """The bench on a clean database, its application context pushed. Its settings and extensions
    are put back afterwards; who adds views to it asks for `own_bench`."""
    if database_url not in benches:
        benches[database_url] = create_app(settings_for(database_url, run_folder))
        benches[database_url].jinja_env.bytecode_cache = COMPILED
        benches[database_url].test_client_class = Browser
        put_views(benches[database_url])
    app = benches[database_url]
    extensions, pages = dict(app.extensions), dict(app.jinja_env.globals)
    with app.app_context():
        db.engine.dispose()  # the file that it had open is another one now
        change_settings(app, instance_folder=tmp_path)
        app.extensions["front"].forget()
        lately.forget_all()
        yield app
        db.session.remove()
    app.extensions.clear()
    app.extensions.update(extensions)
    app.jinja_env.globals.clear()
    app.jinja_env.globals.update(pages)


@pytest.fixture
def own_bench(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A bench for one test."""
    app = make_app()
    put_views(app)
    with app.app_context():
        yield app


@pytest.fixture
def visitor(bench: Flask) -> Browser:
    client = bench.test_client()
    assert isinstance(client, Browser)
    return client


def put_views(app: Flask) -> None:
    """Views under `/bench` that write a tag and then end in every way that a view can end."""

    @app.post("/bench/act/<ending>")
    def act(ending: str) -> ResponseReturnValue:
        add_tag()
        endings[ending]()
        return answers.get(ending, ("done", 200))

    @app.post("/bench/own")
    @own_unit
    def own() -> ResponseReturnValue:
        with unit_of_work():
            add_tag()
        return "refused afterwards", 422

    @app.post("/bench/large")
    @body_limit(1024)
    def large() -> ResponseReturnValue:
        return str(len(request.form["text"]))

    @app.get("/bench/read")
    def read() -> Response:
        return make_response(", ".join(tag_names()))


def _raise(error: Exception) -> Callable[[], Any]:
    def act() -> None:
        raise error

    return act


endings: dict[str, Callable[[], Any]] = {
    "done": lambda: None,
    "redirect": lambda: None,
    "unprocessable": lambda: None,
    "refusal": _raise(TooBlunt()),
    "missing": lambda: abort(404),
    "fault": _raise(ZeroDivisionError("a fault of the program")),
}
answers: dict[str, ResponseReturnValue] = {
    "redirect": ("", 303, {"Location": "/bench/read"}),
    "unprocessable": ("the form again", 422),
}
