"""Every refusal and fault as a page in plain words, or as JSON, with its own status."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException, SecurityError

from app.infra.db import db
from app.infra.http import speaking
from app.infra.http.limits import when_again
from app.infra.language import sentence
from app.infra.refusal import Refusal

logger = logging.getLogger(__name__)

WORDS = {
    400: (sentence("That request was not clear"), sentence("Go back and try again.")),
    401: (sentence("Please sign in"), sentence("This page needs an account.")),
    403: (
        sentence("That is not yours to do"),
        sentence("You may be signed in with another account."),
    ),
    404: (
        sentence("There is no such page"),
        sentence("It may have moved or been taken away. The search knows what is here."),
    ),
    405: (
        sentence("That page does not take this"),
        sentence("Go back and use the page's own buttons."),
    ),
    409: (
        sentence("Something changed meanwhile"),
        sentence("Go back, reload the page and look again."),
    ),
    410: (sentence("This link is used up"), sentence("Ask for a new one where you got it.")),
    413: (
        sentence("That is too much at once"),
        sentence("Go back and shorten it; your browser may still have the text."),
    ),
    429: (sentence("A little slower, please"), sentence("Wait a while and send it again.")),
    500: (
        sentence("Something broke on our side"),
        sentence("It was written down. Try again in a minute."),
    ),
    503: (
        sentence("The site is busy"),
        sentence("Nothing was saved. Try again in a minute."),
    ),
}
GIVE_BACK = frozenset({400, 401, 404, 409, 410, 429})
"""Not 403, which answers other sites too, nor 413, whose body was never read."""
READ_ONLY = "25006"
"""What PostgreSQL calls a write in a read-only transaction."""
EXPIRED_FORM = sentence(
    "The form had grown stale, so nothing was saved. Go back, reload the page and send it again."
)


def asks_for_json() -> bool:
    """Whether this request's answer goes to a script and not to a person's eyes."""
    kinds = request.accept_mimetypes
    return kinds.best_match(["text/html", "application/json"]) == "application/json"


def page(
    status: int,
    explanation: str | None = None,
    drawn_by: str = "errors/error.html",
    **names: object,
) -> Response:
    """The page for this status; `explanation` replaces the usual second sentence, and `drawn_by` a
    template that extends the usual one and knows these `names` besides."""
    if status >= 500:
        speaking.ask_nobody()
    heading, usual = WORDS.get(status, WORDS[400 if status < 500 else 500])
    if asks_for_json():
        told = jsonify(problem=str(explanation or f"{heading}. {usual}"))
        told.status_code = status
        told.headers["Cache-Control"] = "no-store"
        return told
    # Under a foreign host name no address can be built, so that page has no links either.
    alone = status >= 500 or isinstance(request.routing_exception, SecurityError)
    template = "errors/fault.html" if alone else drawn_by
    typed = "" if alone else _typed(status)
    answer = make_response(
        render_template(
            template,
            status=status,
            heading=heading,
            explanation=explanation or usual,
            typed=typed,
            **names,
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _typed(status: int) -> str:
    """What somebody was writing when their form was refused: the page gives it back to them."""
    if status not in GIVE_BACK or request.method != "POST":
        return ""
    return request.form.get("body") or request.form.get("source") or ""


def _is_passing(error: DBAPIError) -> bool:
    """Whether the database is away, or takes no writes just now, as a copy that is being made the
    primary does: trying again later helps."""
    is_gone = isinstance(error, OperationalError) or error.connection_invalidated
    return is_gone or getattr(error.orig, "sqlstate", None) == READ_ONLY


def install(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> Response:
        return page(refusal.status, refusal.public)

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return page(400, EXPIRED_FORM)

    @app.errorhandler(RateLimitExceeded)
    def too_often(error: RateLimitExceeded) -> Response:
        return _with_headers(page(429, when_again()), error)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        code = error.code or 500
        own_words = (
            code in (400, 401, 403, 409, 410, 422)
            and type(error).description != error.description
            and not isinstance(error, SecurityError)  # it repeats the foreign host name
        )
        return _with_headers(page(code, error.description if own_words else None), error)

    app.register_error_handler(Exception, _fault)
    _install_for_database(app)


def _with_headers(answer: Response, error: HTTPException) -> Response:
    """The answer, with what else the error says of itself, such as when to come back."""
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _install_for_database(app: Flask) -> None:
    @app.errorhandler(DBAPIError)
    def database_fault(error: DBAPIError) -> Response:
        if not _is_passing(error):
            return _fault(error)
        db.session.rollback()
        logger.error("the database did not answer: %s", error.orig)
        return page(503)

    @app.errorhandler(NoFreeConnection)
    def all_in_use(error: NoFreeConnection) -> Response:
        db.session.rollback()
        logger.error("no connection to the database was free: %s", error)
        return page(503)


def _fault(error: Exception) -> Response:
    db.session.rollback()
    logger.error("fault on %s %s", request.method, request.path, exc_info=error)
    return page(500)
