"""The service that the operator chose, if any."""

from __future__ import annotations

from flask import current_app

from app.config import Settings
from app.infra.outside.akismet import Akismet
from app.infra.outside.hook import Hook

Service = Akismet | Hook
"""Whose verbs `ask` and `tell` call outside, hold no transaction, and raise NoAnswer."""


def chosen() -> Service | None:
    """The service to ask; None, which is the default, where nobody outside is asked."""
    settings: Settings = current_app.extensions["settings"]
    if settings.opinion_service == "akismet":
        return Akismet(
            key=settings.opinion_key,
            site=settings.public_url,
            language=settings.site_language,
            seconds=settings.opinion_seconds,
            url=settings.opinion_url,
        )
    if settings.opinion_service == "hook":
        return Hook(settings.opinion_url, settings.opinion_key, settings.opinion_seconds)
    return None
