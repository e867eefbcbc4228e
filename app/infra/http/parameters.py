"""The part of an address's query that a kept page knows; all else reaches no kept page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from app.infra.kept.keeping import Keeping

MOST_FIELDS = 50
_PLAIN = re.compile(r"[a-z0-9_-]{1,40}")
"""What the values of kept pages look like: the names of views, places of lists (`infra.paging`: a
time and two numbers, 37 characters at most), and the pages of one thread. A page takes any other
for none at all."""


def known_part(query: str, keeping: Keeping) -> str | None:
    """The query with the known parameters alone, in one order and spelling; None where the page is
    not to be kept: with a parameter that makes another page of it."""
    if not query:
        return ""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    first: dict[str, str] = {}
    for name, value in given:
        first.setdefault(name, value)
    if any(name in first for name in keeping.unless):
        return None
    known = [(name, first[name]) for name in keeping.query if name in first]
    return "&".join(f"{name}={value}" for name, value in known if _PLAIN.fullmatch(value))
