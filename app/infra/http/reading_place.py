"""Where a request reads: the primary, or, for what anybody may see, a copy that is up to date.

Only the views named by `wiring.MAY_LAG` are ever read from a copy, and only by strangers without a
session. Who has just written carries the position of that write in a signed cookie for a minute,
and reads from the primary until a copy has reached it. A page that will be kept is drawn only from
a copy that has reached the marks that it is kept by.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, Response, current_app, request, session
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import SQLAlchemyError

from app.infra import replicas, running, tokens
from app.infra.db import db, reads_from
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.queries import versions_of
from app.infra.replicas import Replica, Replicas

SAFE_METHODS = frozenset({"GET", "HEAD"})
SECONDS = 60
"""How long a writer is known to be one; a copy that is further behind is read by nobody."""
UNKNOWN = 2**63 - 1
"""A position that no copy reaches: everything is read from the primary."""


def install(app: Flask) -> None:
    copies: Replicas | None = app.extensions.get("replicas")
    if copies is None:
        return

    @app.before_request
    def choose() -> None:
        at_least = _position() if _may_lag() else UNKNOWN
        found = None if at_least == UNKNOWN else copies.choose(at_least)
        if found is not None and not _has_all_marks(found):
            found = None
        reads_from.set(found.engine if found else None)

    @app.after_request
    def remember_the_write(answer: Response) -> Response:
        if request.method in SAFE_METHODS or answer.status_code >= 400 or "_user_id" in session:
            return answer
        answer.set_cookie(
            _name(),
            _serializer().dumps(_written()),
            max_age=SECONDS,
            secure=running.settings().is_https,
            httponly=True,
            samesite="Lax",
        )
        return answer

    @app.teardown_request
    def go_back(_fault: BaseException | None) -> None:
        reads_from.set(None)


def _may_lag() -> bool:
    if request.method not in SAFE_METHODS or "Authorization" in request.headers:
        return False
    if request.endpoint not in current_app.extensions["may lag"]:
        return False
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _has_all_marks(copy: Replica) -> bool:
    """Whether a copy has everything that the primary had when it was asked for the versions of the
    marks that this page will be kept by. From an older one a page would be kept that shows what
    was hidden meanwhile, under versions that say that it does not."""
    wanted: Mapping[str, int] = request.environ.get(FOR_KEEPING, {})
    if not wanted:
        return True
    try:
        with copy.engine.connect() as connection:
            found = dict(connection.execute(versions_of(wanted)).all())
    except SQLAlchemyError as wrong:
        current_app.logger.warning("a copy of the database did not tell its marks: %s", wrong)
        copy.leave_out()
        return False
    return all(found.get(name, 0) >= version for name, version in wanted.items())


def _position() -> int:
    """How far a copy must be for this browser to find what it has written."""
    carried = request.cookies.get(_name())
    if carried is None:
        return 0
    try:
        position = _serializer().loads(carried)
    except BadSignature:
        return UNKNOWN
    return position if isinstance(position, int) else UNKNOWN


def _written() -> int:
    try:
        return replicas.written(db.engine)
    except SQLAlchemyError:  # what was done is done; the answer must not say otherwise
        current_app.logger.warning("the position of a write is not known", exc_info=True)
        return UNKNOWN


def _name() -> str:
    return "__Host-threshold-wrote" if running.settings().is_https else "threshold-wrote"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(tokens.signing_secrets(), salt="the position of a write")
