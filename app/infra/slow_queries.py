"""Statements that took long, told to the operator without a value in them."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event

from app.infra.db import db
from app.infra.http import metrics
from app.infra.running import settings

logger = logging.getLogger(__name__)

_STARTED = "threshold_started"


def install(app: Flask) -> None:
    """Watch this program's database, where SLOW_QUERY_MS is not 0."""
    longest_ms = settings(app).slow_query_ms
    if not longest_ms:
        return
    with app.app_context():
        for engine in db.engines.values():
            _watch(engine, longest_ms)


def _watch(engine: Engine, longest_ms: int) -> None:
    @event.listens_for(engine, "before_cursor_execute")
    def begin(connection: Any, *_rest: Any) -> None:
        connection.info[_STARTED] = perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        took_ms = (perf_counter() - connection.info.pop(_STARTED, perf_counter())) * 1000
        if took_ms > longest_ms:
            metrics.slow_queries.inc()
            if not logger.hasHandlers():  # a command whose screen shows something else
                return
            logger.warning(
                "slow query",
                extra={"facts": {"ms": round(took_ms), "statement": " ".join(statement.split())}},
            )
