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
MOST_NAMED = 2
"""So many fit beside the sender's name; the sheet has all of them."""


def weighty_reasons(verdict: Mapping[str, Any]) -> list[str]:
    """What a row says of why a text was held: the first reasons in the order of the plan, each
    once however many rules say it. A red flag has a badge of its own."""
    weighty = (one["name"] for one in verdict.get("reasons", ()) if one["weight"] >= WEIGHTY)
    names = [one for one in dict.fromkeys(weighty) if one != "red flag"]
    return [str(CHECKS.get(one, one)) for one in names[:MOST_NAMED]]


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
