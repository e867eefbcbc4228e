"""The settings of the running site, for parts that know no request."""

from __future__ import annotations

from typing import cast

from flask import current_app

from app.config import Settings


def current() -> Settings:
    return cast("Settings", current_app.extensions["settings"])
