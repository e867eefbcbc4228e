"""The program that runs here, for those who know no request: its settings, and what it keeps in
memory between two acts."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app

from app.config import Settings

App = Flask


def settings(app: App | None = None) -> Settings:
    found: Settings = (app or current_app).extensions["settings"]
    return found


def kept(app: App | None = None) -> dict[str, Any]:
    """What this process keeps, by name; lost when it ends, and never shared with another."""
    return (app or current_app).extensions
