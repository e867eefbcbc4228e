"""What the search forgets by itself: outcomes of suggestions, and searches without a result.

Each piece is a short transaction of its own: nobody who writes has to wait for it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, select, tuple_

from app.infra import clock
from app.infra.db import Model, db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.search.models import Outcome, SearchMiss

logger = logging.getLogger(__name__)

FORGET = "search.forget"
AGAIN = timedelta(days=1)
KEPT = timedelta(days=365)
PIECE = 500


def run(_job: Job) -> None:
    """The periodic job."""
    logger.info("search: %d old rows forgotten", forget_old())


def forget_old() -> int:
    """Remove outcomes a year old and words that nobody searched for in a year; how many rows.
    Commits by itself; safe to repeat and to break off."""
    before = clock.now() - KEPT
    return _remove(Outcome, Outcome.at < before) + _remove(SearchMiss, SearchMiss.last_at < before)


def _remove(model: type[Model], is_old: ColumnElement[bool]) -> int:
    keys: tuple[Any, ...] = tuple(model.__mapper__.primary_key)
    some = select(*keys).where(is_old).limit(PIECE)
    gone = 0
    while True:
        with unit_of_work():
            result: Any = db.session.execute(
                delete(model).where(tuple_(*keys).in_(some)),
                execution_options={"synchronize_session": False},
            )
            count = int(result.rowcount)
        gone += count
        if count < PIECE:
            return gone
