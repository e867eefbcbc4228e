"""People's pictures as they stand in pages: inside of the page itself, since one is smaller than
the request for it would be. Tones are the style sheet's, so that they fit light and dark."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from app.engines.pictures import SIDE, picture

_FRAME = (
    f'<svg class="picture%s" viewBox="0 0 {SIDE} {SIDE}" width="20" height="20"'
    ' aria-hidden="true">%s</svg>'
)
_NOBODY = Markup(_FRAME % (" nobody", '<circle cx="2.5" cy="2.5" r="1.75"/>'))  # noqa: S704


@lru_cache(maxsize=4096)
def picture_of(seed: str | None) -> Markup:
    """The picture of this seed; a ring where there is none. It says nothing that the name beside
    it does not say, so nothing reads it out."""
    if seed is None:
        return _NOBODY
    tone, path = picture(seed)
    return Markup(_FRAME % (f" tone-{tone}", f'<path d="{path}"/>'))  # noqa: S704  (of numbers)


def install(app: Flask) -> None:
    app.jinja_env.filters["picture"] = picture_of
