"""Outermost of all: each request gets a name, a line in the log, and is counted.

It stands around the whole program, so that what is answered before Flask is counted too. A layer
that answers by itself puts the rule of the address into `environ[ROUTE]`.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from app.infra import logs, patience
from app.infra.http import metrics
from app.infra.http.hosts import is_proxy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)

ROUTE = "threshold.route"
WHOLE = "threshold.whole"
QUIET = "threshold.quiet"
"""Set where a request is counted and gets no line: a line costs five times what a kept page does,
and the proxy's own log has it."""
HEADER = "X-Request-ID"
NO_ROUTE = "none"
_FIT = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


def install(app: Flask) -> None:
    """Call it last: what stands around the program then stands within this."""

    @app.before_request
    def name_the_route() -> None:
        if request.url_rule is not None:
            request.environ[ROUTE] = request.url_rule.rule

    @app.after_request
    def say_whether_it_is_whole(answer: Response) -> Response:
        request.environ[WHOLE] = answer.is_sequence
        return answer

    app.wsgi_app = Watch(app.wsgi_app, app)  # type: ignore[method-assign]


class Watch:
    """The WSGI layer."""

    def __init__(self, inner: WSGIApplication, app: Flask) -> None:
        self._inner = inner
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()
        name = self._name_of(environ)
        status = 500
        logs.unbind()
        logs.bind(request_id=name)

        def start(line: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status
            status = int(line.split(" ", 1)[0])
            return start_response(line, [*headers, (HEADER, name)], exc_info)

        def end() -> None:
            _tell(environ, status, perf_counter() - began)
            logs.unbind()

        try:
            with patience.bounded():
                parts = self._inner(environ, start)
        except BaseException:
            end()
            raise
        if environ.get(WHOLE) or _is_file(parts, environ):
            end()  # nothing of the program runs any more
            return parts
        return ClosingIterator(parts, [end])

    def _name_of(self, environ: WSGIEnvironment) -> str:
        """What a configured proxy calls this request; a name of our own otherwise."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        settings = self._app.extensions["settings"]
        peer = environ.get("REMOTE_ADDR", "")
        if _FIT.fullmatch(given) and is_proxy(peer, settings.trusted_proxies):
            return str(given)
        return secrets.token_hex(8)


def _is_file(parts: Iterable[bytes], environ: WSGIEnvironment) -> bool:
    """Whether the server sends the file by itself, which it does only where nothing wraps it."""
    wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(parts, wrapper)


def _tell(environ: WSGIEnvironment, status: int, seconds: float) -> None:
    route = environ.get(ROUTE, NO_ROUTE)
    method = environ.get("REQUEST_METHOD", "")
    metrics.count_request(method, route, status, seconds)
    if QUIET in environ:
        return
    facts = {
        "method": method,
        "route": route,
        "path": environ.get("PATH_INFO", ""),  # without the query: keys and searches stand there
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    level = logging.WARNING if status >= 500 else logging.INFO
    logger.log(level, "request", extra={"facts": facts})
