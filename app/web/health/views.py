"""`/healthz`: numbers for a machine, and nothing about anybody."""

from __future__ import annotations

import logging
import tomllib
from typing import Any

from flask import Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.config import PROJECT
from app.infra import clock, jobs
from app.infra.db import db
from app.infra.http.limits import limiter
from app.web.health import blueprint

logger = logging.getLogger(__name__)


VERSION: str = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]


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


def _answer(code: int, **facts: Any) -> Response:
    answer = jsonify(facts | {"version": VERSION})
    answer.status_code = code
    answer.headers["Cache-Control"] = "no-store"
    return answer
