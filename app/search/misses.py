"""Words that readers searched for and found nothing: what the site does not say yet."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from app.engines.text.query_words import query_words
from app.infra import clock
from app.infra.db import adding, db
from app.search.models import ASKED_LENGTH, SearchMiss

MOST = 2_000
"""Rows; whoever reads them reads the first fifty, and no flood grows the table."""
SHORTEST = 3
"""Characters; a single letter tells nobody what is missing."""


def count(text: str) -> None:
    """Count a search without a result, in the caller's unit of work."""
    asked = words_of(text)
    if not asked:
        return
    now = clock.now()
    if db.session.get(SearchMiss, asked) is None:
        _make_room()
    db.session.execute(
        adding(SearchMiss)
        .values(asked=asked, times=1, first_at=now, last_at=now)
        .on_conflict_do_update(
            index_elements=["asked"], set_={"times": SearchMiss.times + 1, "last_at": now}
        ),
        execution_options={"synchronize_session": False},
    )


def words_of(text: str) -> str:
    """The search as it is counted: its telling words in small letters; empty for one that tells
    nothing, or that may be somebody's address.

    >>> words_of("What is a  Hip-Hinge?")
    'hip hinge'
    """
    if "@" in text:
        return ""
    asked = " ".join(query_words(text)).casefold()[:ASKED_LENGTH].strip()
    return asked if len(asked) >= SHORTEST else ""


def _make_room() -> None:
    """Where the table is full, leave out what was asked least and longest ago."""
    too_many = (db.session.scalar(select(func.count()).select_from(SearchMiss)) or 0) - MOST + 1
    if too_many <= 0:
        return
    order = (SearchMiss.times, SearchMiss.last_at, SearchMiss.asked)
    least = select(SearchMiss.asked).order_by(*order).limit(too_many)
    db.session.execute(
        delete(SearchMiss).where(SearchMiss.asked.in_(least)),
        execution_options={"synchronize_session": False},
    )
