"""The page on which the site tells everybody, in months and without names, how it moderates."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, current_app

from app.domains.moderation import openness
from app.infra import clock

blueprint = Blueprint("openness", __name__)
KNOWN_FOR = timedelta(minutes=1)
LINK = "openness.is_linked"


def is_linked() -> bool:
    """Whether the foot of every page leads here. Each process asks the database once a minute."""
    known: tuple[datetime, bool] | None = current_app.extensions.get(LINK)
    now = clock.now()
    if known is None or abs(now - known[0]) >= KNOWN_FOR:
        known = (now, openness.is_on())
        current_app.extensions[LINK] = known
    return known[1]


blueprint.add_app_template_global(is_linked, "tells_how_it_moderates")

from app.web.openness import views  # noqa: E402  (they register on it)

__all__ = ["blueprint", "is_linked", "views"]
