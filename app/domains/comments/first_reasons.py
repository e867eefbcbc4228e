"""The reasons for a rejection that a site begins with. They are kept in English, whoever chose them
in whatever language, and said to whoever reads them; what a site wrote itself stays as written."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator

from app.infra.language import LANGUAGES, sentence

REASONS: Mapping[str, str] = {
    sentence("Off the subject of this article"): sentence(
        "It is not about the subject of this article."
    ),
    sentence("Not kind to another person"): sentence("It is not kind to another person."),
    sentence("Advertising"): sentence("It advertises something."),
    sentence("Asks for a diagnosis that nobody can give from a distance"): sentence(
        "It asks for a diagnosis, which nobody can give from a distance. Please see somebody who "
        "can examine you."
    ),
    sentence("Says the same as an earlier comment"): sentence(
        "It says the same as an earlier comment, which you will find under the article."
    ),
}
"""What the writer reads by the short words for the desk."""
_MARKED = {text: text for text in (*REASONS, *REASONS.values())}


def said(kept: str) -> str:
    """What was kept of a reason, so that it is said in the language of whoever it is shown to."""
    return _MARKED.get(kept, kept)


def is_said_as(text: str, typed: str) -> bool:
    """Whether this marked text, as one of our languages says it, is what somebody chose."""
    return any(one.catalogue.say(text) == typed for one in LANGUAGES.values())


class RejectReason(TypeDecorator[str]):
    """What the writer reads of a rejection. One that a site begins with shows in the language of
    its moment, and is its English text to the program."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else said(value)
