"""Absolute addresses, built on the configured site and never on what a request claims."""

from __future__ import annotations

from flask import current_app

from app.config import Settings


def absolute(path: str) -> str:
    """The full address of a path of this site (`/tags/hip`), as readers elsewhere need it."""
    settings: Settings = current_app.extensions["settings"]
    return settings.public_url + path
