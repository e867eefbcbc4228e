"""How large a request's body may be: small everywhere, larger only where a view says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

KIBIBYTE = 1024
USUAL_LIMIT = 64 * KIBIBYTE
PIECE = 64 * KIBIBYTE
View = TypeVar("View", bound=Callable[..., Any])
_ROOM = "_room_for_body"


class Room(NamedTuple):
    """`most` bytes are kept of a body; of a larger one none, or its beginning."""

    most: int
    takes_beginning: bool = False


USUAL = Room(USUAL_LIMIT)


def body_limit(kibibytes: int) -> Callable[[View], View]:
    """Let a view take larger bodies than the usual 64 KiB."""

    def mark(view: View) -> View:
        setattr(view, _ROOM, Room(kibibytes * KIBIBYTE))
        return view

    return mark


def takes_beginning(most: int) -> Callable[[View], View]:
    """Let a view have the first `most` bytes of whatever comes, by `beginning` alone: what is too
    large is no fault, but told apart by the view."""

    def mark(view: View) -> View:
        setattr(view, _ROOM, Room(most, takes_beginning=True))
        return view

    return mark


def beginning() -> bytes:
    """What such a view has of the body. The rest is read and let go, since a server that hangs up
    on what it has not read takes its answer away."""
    come = request.environ["wsgi.input"]
    kept: bytes = come.read(_room_of(current_app, request.endpoint).most)
    while come.read(PIECE):
        continue
    return kept


def room_for(app: Flask, method: str, path: str) -> Room:
    """How much is kept of what a request brings, asked before it is one; `path` is PATH_INFO, as
    WSGI has it."""
    wanted = "/" + path.encode("latin-1").decode(errors="replace").lstrip("/")
    try:
        endpoint, _ = app.url_map.bind("").match(wanted, method)
    except HTTPException:  # nothing is there, or elsewhere
        endpoint = None
    return _room_of(app, endpoint)


def _room_of(app: Flask, endpoint: str | None) -> Room:
    view = app.view_functions.get(endpoint or "")
    room: Room = getattr(view, _ROOM, USUAL)
    return room


def install(app: Flask) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=USUAL_LIMIT, MAX_FORM_MEMORY_SIZE=USUAL_LIMIT, MAX_FORM_PARTS=200
    )

    @app.before_request
    def measure() -> None:
        limit, is_beginning_enough = _room_of(current_app, request.endpoint)
        if is_beginning_enough:
            request.form, request.files = ImmutableMultiDict(), ImmutableMultiDict()
            return  # and nobody looks for a form in it, a page that says no included
        request.max_content_length = limit
        request.max_form_memory_size = limit
        if request.content_length is not None and request.content_length > limit:
            abort(413)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            if request.is_json:  # forms would take it, with numbers and lists where text belongs
                abort(415)
            request.form  # noqa: B018  (one without a length is measured as it is read)
