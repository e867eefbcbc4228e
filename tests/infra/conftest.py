"""A bench: the program's own frame with a few views that act as a test needs them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, abort, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.http.bodies import body_limit
from app.infra.refusal import Refusal
from app.infra.unit_of_work import own_unit, unit_of_work
from tests.support.client import Browser


class TooBlunt(Refusal):
    public = "That was too blunt."
    status = 409


def add_tag(name: str = "hip") -> None:
    db.session.add(Tag(slug=name, name=name))
    db.session.flush()


def tag_names() -> list[str]:
    return list(db.session.scalars(select(Tag.name).order_by(Tag.name)))


@pytest.fixture
def bench(make_app: Callable[..., Flask]) -> Iterator[Flask]:
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
