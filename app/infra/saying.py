"""What engines found (`engines.said`) in the language that is spoken."""

from __future__ import annotations

from markupsafe import Markup, escape

from app.engines.said import Said, told
from app.infra.language import current


def say(said: Said) -> str:
    """As plain text."""
    return told(said, current().language.catalogue)


def show(said: Said) -> Markup:
    """As HTML: what is laid in is escaped, and keeps its own direction of writing."""
    return Markup(told(said, current().language.catalogue, frame=escape, word=_isolated))  # noqa: S704  (escaped above, piece by piece)


def _isolated(word: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(word)
