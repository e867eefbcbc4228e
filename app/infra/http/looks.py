"""What a browser was told to show pages in: a language and a theme, in a cookie of its own.

It is no session: it says nothing about who sits there, and the pages that are kept for guests are
kept for each choice. Nobody's language is guessed from what the browser says of itself, since an
article in the site's language would then come in a frame of another.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from flask import Response, current_app, request

from app.config import Settings
from app.infra.language import LANGUAGES, THEMES

LASTS_SECONDS = 365 * 24 * 3600


class Looks(NamedTuple):
    """The tag of a language and a theme, each empty where nothing was chosen."""

    language: str = ""
    theme: str = ""


NOTHING_CHOSEN = Looks()


def cookie_name(settings: Settings) -> str:
    return "__Host-threshold-looks" if settings.is_https else "threshold-looks"


def chosen(cookies: str | None, settings: Settings) -> Looks:
    """The choice among these cookies, as a header has them; what is none of ours is nothing."""
    if not cookies or "threshold-looks=" not in cookies:
        return NOTHING_CHOSEN
    found = re.search(rf"(?:^|;\s*){cookie_name(settings)}=([a-z]*)\.([a-z]*)(?:;|$)", cookies)
    if found is None:
        return NOTHING_CHOSEN
    tag, theme = found.groups()
    return Looks(tag if tag in LANGUAGES else "", theme if theme in THEMES else "")


def chosen_here() -> Looks:
    return chosen(request.environ.get("HTTP_COOKIE"), current_app.extensions["settings"])


def remember(answer: Response, looks: Looks) -> None:
    """Have this browser remember the choice, or forget it where nothing is chosen."""
    settings: Settings = current_app.extensions["settings"]
    name, value = cookie_name(settings), f"{looks.language}.{looks.theme}"
    if looks == NOTHING_CHOSEN:
        answer.delete_cookie(name, secure=settings.is_https, httponly=True, samesite="Lax")
        return
    answer.set_cookie(
        name,
        value,
        max_age=LASTS_SECONDS,
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
    )
