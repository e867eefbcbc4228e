"""How large a request's body may be: small everywhere, larger only where a view says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request

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


def install(app: Flask) -> None:
    app.config.update(
        MAX_CONTENT_LENGTH=USUAL_LIMIT, MAX_FORM_MEMORY_SIZE=USUAL_LIMIT, MAX_FORM_PARTS=200
    )

    @app.before_request
    def measure() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        limit = getattr(view, _LIMIT, USUAL_LIMIT)
        request.max_content_length = limit
        request.max_form_memory_size = limit
        if request.content_length is not None and request.content_length > limit:
            abort(413)
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            if request.is_json:  # forms would take it, with numbers and lists where text belongs
                abort(415)
            request.form  # noqa: B018  (one without a length is measured as it is read)
