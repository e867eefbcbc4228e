"""The cookie by which a browser is known to an account that signed in with it before.

It signs nobody in: it only keeps the mail about a new browser from being sent again.
"""

from __future__ import annotations

from flask import Response, after_this_request, current_app, request

from app.config import Settings
from app.domains.accounts import devices
from app.domains.accounts.models import Account

A_YEAR = 365 * 24 * 3600


def is_of(account: Account) -> bool:
    """Whether this browser was signed in to this account before."""
    return devices.is_marked(account, _marks())


def remember(account: Account) -> None:
    """Know this browser from now on, for a year, beside the other accounts it is known to."""
    kept = "!".join([devices.new_mark(account), *devices.others(account, _marks())])

    @after_this_request
    def keep(answer: Response) -> Response:
        answer.set_cookie(
            cookie_name(),
            kept,
            max_age=A_YEAR,
            path="/",
            secure=_settings().is_https,
            httponly=True,
            samesite="Lax",
        )
        return answer


def cookie_name() -> str:
    return "__Host-threshold-browser" if _settings().is_https else "threshold-browser"


def _marks() -> list[str]:
    return request.cookies.get(cookie_name(), "")[:_LONGEST].split("!")


_LONGEST = 400
"""Signs of a cookie that are looked at: five marks of 63, and what stands between them."""


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
