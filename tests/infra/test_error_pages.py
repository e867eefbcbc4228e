"""Every refusal and fault as a page in plain words, with its own status."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.infra.db import db
from tests.support.client import Browser

pytestmark = pytest.mark.one_database


def test_a_refusal_is_shown_in_its_own_words(visitor: Browser) -> None:
    answer = visitor.submit("/bench/act/refusal")

    assert answer.status_code == 409
    assert "That was too blunt." in answer.text


def test_x04_the_page_for_an_unknown_path_does_not_repeat_it(visitor: Browser) -> None:
    answer = visitor.get("/<script>alert(1)</script>")

    assert answer.status_code == 404
    assert "alert(1)" not in answer.text


def test_a_wrong_method_is_told_which_are_right(visitor: Browser) -> None:
    answer = visitor.delete("/bench/read")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a15_a_fault_shows_no_trace_and_writes_one_to_the_log(
    visitor: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = visitor.submit("/bench/act/fault")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "a fault of the program" in caplog.text


def test_a15_there_is_no_console_and_no_debugger(bench: Flask, visitor: Browser) -> None:
    assert not bench.debug
    assert visitor.get("/console").status_code == 404
    assert visitor.get("/bench/read?__debugger__=yes&cmd=resource&f=style.css").text == ""


def test_an_error_is_never_kept_by_a_cache(visitor: Browser) -> None:
    assert visitor.get("/no/such/page").headers["Cache-Control"] == "no-store"


def test_r06_a_database_that_is_away_is_a_503_in_words(make_app: Callable[..., Flask]) -> None:
    client = _client_of(make_app(database_url="postgresql://127.0.0.1:1/gone"))

    answer = client.get("/bench/ask")

    assert answer.status_code == 503
    assert "The site is busy" in answer.text


@pytest.mark.parametrize("path", ["/\x00", "/%00", "/%ff", "/a" * 4000, "/..%2f..%2fetc/passwd"])
def test_p11_no_path_is_a_fault(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code in (400, 404)


def _client_of(app: Flask) -> FlaskClient:
    app.add_url_rule("/bench/ask", "ask", lambda: str(db.session.scalar(text("SELECT 1"))))
    return app.test_client()


def test_an_error_is_said_in_the_language_of_whoever_reads_it(visitor: Browser) -> None:
    visitor.set_cookie("threshold-looks", "de.")
    assert "Diese Seite gibt es nicht" in visitor.get("/no/such/page").text
