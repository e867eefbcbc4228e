"""Forged requests: a token in every form, and no unsafe request from another site at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request
from flask_wtf.csrf import CSRFProtect

from app.config import Settings

protect = CSRFProtect()


def install(app: Flask) -> None:
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # a reader may take an hour over a question
        WTF_CSRF_SSL_STRICT=False,  # no Referer is sent; Origin is checked here
    )

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or _is_exempt():
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403, "This came from another site, so nothing was done.")
        origin = request.headers.get("Origin")
        if origin is not None and _netloc(origin) not in _own_netlocs():
            abort(403, "This came from another site, so nothing was done.")

    protect.init_app(app)


def _own_netlocs() -> set[str]:
    settings: Settings = current_app.extensions["settings"]
    return {urlsplit(settings.public_url).netloc, request.host}


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as http://[
        return ""


def _is_exempt() -> bool:
    """One-click unsubscribe comes from mail programs and carries its own key."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and f"{view.__module__}.{view.__name__}" in protect._exempt_views  # noqa: SLF001  (the library offers no question)
