"""How often: one limiter, counted by network, in Redis where it is set and in memory where not."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter

from app.config import Settings
from app.infra.http.hosts import client_network

limiter = Limiter(key_func=client_network, headers_enabled=True)

WRITE = "1 per 5 seconds; 2 per minute; 20 per hour"
"""What a guest may post (security.md S01)."""
PREVIEW = "40 per minute"
SEARCH = "60 per minute"
SIGN_IN = "30 per 5 minutes"
"""A ceiling a network; the lock an account is counted in the database (accounts.services)."""
MAILS = "5 per hour; 10 per day"
"""Requests that make the site send a mail to an address somebody typed."""


def install(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_STRATEGY="moving-window",
    )
    if settings.redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {
            "socket_connect_timeout": 0.2,
            "socket_timeout": 0.2,
        }
    limiter.init_app(app)
