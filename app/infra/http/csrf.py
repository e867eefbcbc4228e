"""Forged requests: a token in every form, and no unsafe request from another site at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session
from flask_wtf.csrf import CSRFProtect

from app.config import Settings
from app.infra.language import _

protect = CSRFProtect()
View = TypeVar("View", bound=Callable[..., Any])
_HANDS_OUT = "_hands_out_a_token"
_FIELD = "csrf_token"


def hands_out_token(view: View) -> View:
    """Let a guest's form come to this view without a token, as pages that are kept for everybody
    have none. The view asks `has_token` first and answers with the form, the text and a token in
    it; it must do nothing else."""
    setattr(view, _HANDS_OUT, True)
    return view


def has_token() -> bool:
    """Whether what came has a token, in a field or a header; if so, it was looked at before the
    view."""
    headers: list[str] = current_app.config["WTF_CSRF_HEADERS"]
    return bool(request.form.get(_FIELD)) or any(name in request.headers for name in headers)


def install(app: Flask) -> None:
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,  # a reader may take an hour over a question
        WTF_CSRF_SSL_STRICT=False,  # no Referer is sent; Origin is checked here
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, where the view has its say
    )

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or _is_exempt():
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(403, _("This came from another site, so nothing was done."))
        origin = request.headers.get("Origin")
        if origin is not None and _netloc(origin) not in _own_netlocs():
            abort(403, _("This came from another site, so nothing was done."))

    protect.init_app(app)

    @app.before_request
    def refuse_without_token() -> None:
        is_safe = request.method in ("GET", "HEAD", "OPTIONS")
        if not is_safe and request.endpoint and not _is_exempt() and not _wants_one():
            protect.protect()


def _own_netlocs() -> set[str]:
    settings: Settings = current_app.extensions["settings"]
    return {urlsplit(settings.public_url).netloc, request.host}


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # such as http://[
        return ""


def _wants_one() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, _HANDS_OUT, False) and not has_token() and "_user_id" not in session


def _is_exempt() -> bool:
    """One-click unsubscribe comes from mail programs and carries its own key."""
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and f"{view.__module__}.{view.__name__}" in protect._exempt_views  # noqa: SLF001  (the library offers no question)
