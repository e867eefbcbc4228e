"""What a page that is drawn for everybody shows besides its texts, found once for each version of
the site's mark: the things behind a tag, say. A comment that is published does not change it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import has_request_context, request

from app.infra import clock, running
from app.infra.kept.keeping import FOR_KEEPING
from app.infra.kept.marking import SITE

FACTS = "kept_facts"
KEPT = timedelta(minutes=1)
"""Though nothing was raised: the time of an article may come."""
MOST = 400
"""Keys, each with a page of a list at most; beyond them all are forgotten."""


@dataclass(frozen=True, slots=True)
class _Facts:
    version: int
    since: datetime
    found: dict[Hashable, Any] = field(default_factory=dict)


def facts_of_site() -> dict[Hashable, Any]:
    """Where to look for what was found at this version of the site, and to put what is found now:
    plain values that are the same for everybody and change with nothing but the site's mark. A
    dictionary that nobody keeps, where the page is drawn for one person or something is written.

    The version was read before anything else of the page (`http.front`), so that nothing older than
    it can come to stand here."""
    known = kept_facts()
    return {} if known is None else known


def kept_facts() -> dict[Hashable, Any] | None:
    """The same; None where nobody would keep them."""
    versions = request.environ.get(FOR_KEEPING, {}) if has_request_context() else {}
    version = versions.get(SITE)
    if version is None:
        return None
    kept = running.kept()
    known: _Facts | None = kept.get(FACTS)
    now = clock.now()
    if (
        known is None
        or known.version != version
        or abs(now - known.since) >= KEPT
        or len(known.found) >= MOST
    ):
        known = kept[FACTS] = _Facts(version, now)
    return known.found
