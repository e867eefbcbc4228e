"""What every answer says about itself: what it may load, who may frame it, who may keep it."""

from __future__ import annotations

from flask import Flask, Response, current_app

from app.config import Settings

PLAYERS = "https://www.youtube-nocookie.com https://player.vimeo.com"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        f"frame-src {PLAYERS}",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script, style or handler inside a page ever runs, so no nonce is needed."""

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in (
            *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation"),
            *("gyroscope", "magnetometer", "microphone", "midi", "payment", "usb"),
        )
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
FOR_EVERYONE = "cross-origin"
"""Of what other sites may show: the pictures of articles, which stand in feeds too."""
HALF_A_YEAR_SECONDS = 15_768_000
TWO_YEARS_SECONDS = 63_072_000
"""What the browsers' own list asks of a site that binds every name below it."""


def install(app: Flask) -> None:
    @app.after_request
    def add(answer: Response) -> Response:
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        settings: Settings = current_app.extensions["settings"]
        if settings.is_https:
            answer.headers["Strict-Transport-Security"] = _kept_https(settings)
        if "Cache-Control" not in answer.headers:
            # A page differs by who reads it; only what says otherwise may be shared.
            answer.headers["Cache-Control"] = "private, no-cache"
        return answer


def _kept_https(settings: Settings) -> str:
    if settings.hsts_subdomains:
        return f"max-age={TWO_YEARS_SECONDS}; includeSubDomains"
    return f"max-age={HALF_A_YEAR_SECONDS}"


def keep_nowhere(answer: Response) -> Response:
    """Mark an answer as one person's own: kept by no cache, told to no other site, not indexed.

    Its address stays on this site by the usual Referrer-Policy; `no-referrer` would make browsers
    send `Origin: null` with the page's own forms, which are then refused as another site's."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
