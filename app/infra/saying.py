"""What engines found (`engines.said`) in the language that is spoken."""

from __future__ import annotations

from markupsafe import Markup, escape

from app.engines.said import Said, told
from app.infra.language import current, of_site, speaking


def say(said: Said) -> str:
    """As plain text. Where lines run from the right, signs of Unicode isolate what is laid in, so
    that a bracket of a pattern is drawn as it was typed."""
    language = current().language
    if language.direction == "ltr":
        return told(said, language.catalogue)
    return told(
        said,
        language.catalogue,
        word="\N{FIRST STRONG ISOLATE}{}\N{POP DIRECTIONAL ISOLATE}".format,
    )


def say_to_all(said: Said) -> str:
    """As plain text in the site's own language, for what is kept and shown to everybody."""
    with speaking(of_site()):
        return say(said)


def show(said: Said) -> Markup:
    """As HTML: what is laid in is escaped, and keeps its own direction of writing."""
    return Markup(told(said, current().language.catalogue, frame=escape, word=_isolated))  # noqa: S704  (escaped above, piece by piece)


def _isolated(word: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(word)
