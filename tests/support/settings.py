"""Another setting for the length of one test."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask

from app.config import Settings


def change_settings(app: Flask, **changes: Any) -> Settings:
    """Give the running program other settings; the `app` fixture puts the old ones back.

    What is read once at the start (hosts, cookies, limits) needs `make_app(…)` instead."""
    settings = replace(app.extensions["settings"], **changes)
    app.extensions["settings"] = settings
    app.jinja_env.globals["settings"] = settings
    return settings
