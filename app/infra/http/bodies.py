"""How large a request's body may be: small everywhere, larger only where a view says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from werkzeug.exceptions import HTTPException

KIBIBYTE = 1024
USUAL_LIMIT = 64 * KIBIBYTE
View = TypeVar("View", bound=Callable[..., Any])
_LIMIT = "_body_limit"


def body_limit(kibibytes: int) -> Callable[[View], View]:
    """Let a view take larger bodies than the usual 64 KiB."""

    def mark(view: View) -> View:
        setattr(view, _LIMIT, kibibytes * KIBIBYTE)
        return view

    return mark


def limit_for(app: Flask, method: str, path: str) -> int:
    """How many bytes a request may bring, asked before it is one; `path` is PATH_INFO, as WSGI has
    it."""
    wanted = "/" + path.encode("latin-1").decode(errors="replace").lstrip("/")
    try:
        endpoint, _ = app.url_map.bind("").match(wanted, method)
    except HTTPException:  # nothing is there, or elsewhere
        endpoint = None
    return _limit_of(app, endpoint)


def _limit_of(app: Flask, endpoint: str | None) -> int:
    view = app.view_functions.get(endpoint or "")
    limit: int = getattr(view, _LIMIT, USUAL_LIMIT)
    return limit


def install(app: Flask) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=USUAL_LIMIT, MAX_FORM_MEMORY_SIZE=USUAL_LIMIT, MAX_FORM_PARTS=200
    )

    @app.before_request
    def measure() -> None:
        limit = _limit_of(current_app, request.endpoint)
        request.max_content_length = limit
        request.max_form_memory_size = limit
        if request.content_length is not None and request.content_length > limit:
            abort(413)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            if request.is_json:  # forms would take it, with numbers and lists where text belongs
                abort(415)
            request.form  # noqa: B018  (one without a length is measured as it is read)
