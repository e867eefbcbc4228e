"""How rare words are on this site, as far as its documents were read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.engines.matching.likeness import Library
from app.infra.db import db
from app.search.models import SearchDocument, SearchStem

AT_ONCE = 5_000
"""Stems a statement: both databases take a limited number of values."""


def library(stems: Collection[str]) -> Library:
    """What is known of all texts together, with the spread of these stems."""
    count, mean_title, mean_text = db.session.execute(
        select(
            func.count(), func.avg(SearchDocument.title_stems), func.avg(SearchDocument.text_stems)
        ).where(SearchDocument.text_stems > 0)
    ).one()
    wanted = sorted(set(stems))
    spread: dict[str, int] = {}
    for at in range(0, len(wanted), AT_ONCE):
        known = db.session.execute(
            select(SearchStem.stem, SearchStem.spread).where(
                SearchStem.stem.in_(wanted[at : at + AT_ONCE])
            )
        )
        spread |= {row.stem: row.spread for row in known}
    return Library(count, float(mean_title or 0), float(mean_text or 0), spread)
