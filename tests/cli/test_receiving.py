"""R20: of a body that will be refused nothing is kept, and its length is told all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial

import pytest
from flask import Flask
from waitress.adjustments import Adjustments

from app.cli.receiving import Parser
from app.engines.mailed.reading import MOST_BYTES
from app.infra.http.bodies import USUAL_LIMIT, room_for

pytestmark = pytest.mark.one_database
LARGE = 10_000_000
PIECE = b"a" * 65_536


@contextmanager
def arrived(app: Flask, path: str, size: int, *, chunked: bool = False) -> Iterator[Parser]:
    """A request for this path whose body of so many bytes has come whole."""
    parser = Parser(Adjustments(), partial(room_for, app))
    length = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % size
    parser.received(b"POST %s HTTP/1.1\r\n%s\r\n\r\n" % (path.encode(), length))
    for begin in range(0, size, len(PIECE)):
        piece = PIECE[: size - begin]
        parser.received(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
    if chunked:
        parser.received(b"0\r\n\r\n")
    assert parser.completed
    with closing(parser):
        yield parser


@pytest.mark.parametrize("size", [USUAL_LIMIT + 1, 1_000_000, LARGE])
def test_r20_nothing_is_kept_of_a_body_that_says_it_is_too_large(app: Flask, size: int) -> None:
    with arrived(app, "/sign-in", size) as request:
        assert request.get_body_stream().read() == b""
        assert request.headers["CONTENT_LENGTH"] == str(size)


def test_r20_little_is_kept_of_a_body_that_hides_that_it_is_too_large(app: Flask) -> None:
    with arrived(app, "/sign-in", LARGE, chunked=True) as request:
        assert len(request.get_body_stream().read()) <= USUAL_LIMIT
        assert request.headers["CONTENT_LENGTH"] == str(LARGE)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/sign-in", "/nowhere"])
def test_a_body_of_the_usual_size_is_kept_whole(app: Flask, path: str, *, chunked: bool) -> None:
    with arrived(app, path, USUAL_LIMIT, chunked=chunked) as request:
        assert request.get_body_stream().read() == b"a" * USUAL_LIMIT


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/author/images", "//author/images", "/author/im%61ges?at=once"])
def test_a_body_is_kept_whole_where_a_view_takes_more(
    app: Flask, path: str, *, chunked: bool
) -> None:
    with arrived(app, path, 10 * USUAL_LIMIT, chunked=chunked) as request:
        assert request.get_body_stream().read() == b"a" * 10 * USUAL_LIMIT


@pytest.mark.parametrize("chunked", [False, True])
def test_r20_a_view_may_have_the_beginning_of_what_is_too_large(
    app: Flask, *, chunked: bool
) -> None:
    with arrived(app, "/mail/received", LARGE, chunked=chunked) as request:
        assert len(request.get_body_stream().read()) == MOST_BYTES + 1
        assert request.headers["CONTENT_LENGTH"] == str(LARGE)
