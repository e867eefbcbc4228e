"""Why the intake placed a text where it is, in the language of who looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from app.engines.said import Said, of_stored
from app.infra.saying import show
from app.web.moderation import blueprint
from app.web.moderation.wording import CHECKS

WEIGHTY = 10
"""From which weight on a reason stands in the row."""


def weighty_reasons(verdict: Mapping[str, Any]) -> list[str]:
    """What a row says of why a text was held; a red flag has a badge of its own."""
    reasons = verdict.get("reasons", ())
    return [
        str(CHECKS.get(one["name"], one["name"]))
        for one in reasons
        if one["weight"] >= WEIGHTY and one["name"] != "red flag"
    ]


def reason_said(reason: Mapping[str, Any]) -> Markup:
    """A stored reason. One that was kept as a finished sentence, before reasons had their values
    apart, stays as it was written."""
    stored = reason.get("said")
    return show(of_stored(stored) if stored else Said(reason["sentence"]))


def words_said(verdict: Mapping[str, Any]) -> Markup:
    """The words that say most for and against spam, as they were when the text came."""
    stored = verdict.get("words_said")
    words = tuple(map(of_stored, stored)) if stored else ", ".join(verdict["words"])
    return show(Said("%(words)s", {"words": words}))


blueprint.add_app_template_global(weighty_reasons)
blueprint.add_app_template_filter(reason_said)
blueprint.add_app_template_global(words_said)
