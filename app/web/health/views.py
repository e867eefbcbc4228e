"""`/healthz`, `/readyz` and `/metrics`: numbers for machines, and nothing about anybody."""

from __future__ import annotations

import logging
import tomllib
from typing import Any

from flask import Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from app.config import PROJECT, Settings
from app.infra import clock, fitness, jobs, tokens
from app.infra.db import db
from app.infra.http import metrics
from app.infra.http.hosts import client_address, is_passed_on, is_proxy
from app.infra.http.limits import limiter
from app.web.health import blueprint
from app.web.health.waiting import Waiting

logger = logging.getLogger(__name__)


VERSION: str = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
BEARER = "Bearer "


@blueprint.get("/healthz")
@limiter.exempt
def check() -> Response:
    """200 while the database answers, else 503. Work that piles up is told, not judged: to restart
    a server that serves would not help it."""
    try:
        waiting, oldest_due, failed = jobs.waiting()
    except SQLAlchemyError as wrong:
        db.session.rollback()
        logger.warning("the database does not answer: %s", wrong)
        return _answer(503, status="unwell", database="does not answer")
    late = max(0, int((clock.now() - oldest_due).total_seconds())) if oldest_due else 0
    return _answer(
        200,
        status="well",
        database="answers",
        jobs={"waiting": waiting, "oldest_waiting_seconds": late, "failed": failed},
    )


@blueprint.get("/readyz")
@limiter.exempt
def ready() -> Response:
    """200 where requests may be sent here, else 503 with what is missing."""
    found = fitness.problems(_settings())
    is_ready = not any(found.values())
    told = {name: problem or "well" for name, problem in found.items()}
    return _answer(200 if is_ready else 503, status="ready" if is_ready else "not ready", **told)


@blueprint.get("/metrics")
@limiter.exempt
def measured() -> Response:
    """For Prometheus, by its token or from its network; nobody else finds such a page."""
    if not _may_measure():
        abort(404)
    answer = Response(metrics.as_text(Waiting()), content_type=metrics.CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _may_measure() -> bool:
    settings = _settings()
    if is_proxy(client_address(), settings.metrics_networks):
        if not is_passed_on():
            return True
        logger.warning(
            "/metrics is shown to %s by its token only: it asks for others and TRUSTED_PROXIES"
            " does not name it",
            client_address(),
        )
    given = request.headers.get("Authorization", "")
    if not settings.metrics_token or not given.startswith(BEARER):
        return False
    return tokens.same(given.removeprefix(BEARER), settings.metrics_token)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _answer(code: int, **facts: Any) -> Response:
    answer = jsonify(facts | {"version": VERSION})
    answer.status_code = code
    answer.headers["Cache-Control"] = "no-store"
    return answer
