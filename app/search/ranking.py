"""What matches, best first: SQLite's FTS5 and PostgreSQL's full text, each by its own way.

Of what many things have in common (`bounds.MOST_RANKED`) only the newest are ranked, and beside
them what the site has written for its readers: an old article on a common word is what a search is
for, and newer questions would push it out. Neither database can rank without reading each match,
and PostgreSQL's index cannot give the newest first: it finds all matches, in the order in which
they lie. So there it is first asked how often the newest documents match; what stands in many of
them is found by walking back through them, and ends when enough is found.
"""

from __future__ import annotations

from typing import Any

from app.infra import clock
from app.infra.db import is_postgresql
from app.search.ranked import Ranked
from app.search.ranking_postgresql import by_postgresql
from app.search.ranking_sqlite import by_sqlite


def ranked(expression: str, kind: str | None, page: int, size: int) -> Ranked:
    """A page of the documents of this kind, or of any, that match and are not kept for later.

    Rows are skipped here, of `bounds.MOST_RANKED` at most: all of these are ranked for any page, so
    that the last costs what the first does. A place would not hold: a rank changes with every text
    that comes. Two statements, three for what is common.
    """
    values: dict[str, Any] = {"expression": expression, "now": clock.now()}
    return (by_postgresql if is_postgresql() else by_sqlite)(values, kind, page, size)
