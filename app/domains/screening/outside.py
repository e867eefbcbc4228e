"""The outside opinion in a text's verdict: whether one is wanted, and how it reads at the desk."""

from __future__ import annotations

from typing import Any

from app.engines.said import Said as Sentence
from app.engines.said import says
from app.engines.spam.intake import ASKED
from app.engines.spam.verdict import Reason
from app.infra.outside import services
from app.infra.outside.questions import Opinion, Said

ASK = "screening.opinion"
"""The kind of job that asks. It names the whole address of the machine that sent a text, so it does
not stay for long."""
REASON = "outside opinion"
"""The name of the reason in the stored verdict; there is one of it at most."""
NO_ANSWER = says("The outside service gave no answer.")
NAMES = {"The outside service": says("The outside service")}
"""Services that are called by no name of their own."""


def is_wanted() -> bool:
    """Whether the operator chose somebody outside to ask; by default nobody is."""
    return services.chosen() is not None


def with_question(verdict: dict[str, Any]) -> dict[str, Any]:
    """A stored verdict that says that the service was asked."""
    return _with_reason(verdict, ASKED)


def with_opinion(verdict: dict[str, Any], name: str, opinion: Opinion) -> dict[str, Any]:
    """A stored verdict with what the service of this name said."""
    stored = {"said": opinion.said, "words": opinion.words, "service": name}
    return {**_with_reason(verdict, _spoken(opinion, name)), "outside": stored}


def without_answer(verdict: dict[str, Any]) -> dict[str, Any]:
    """A stored verdict that says that the service gave no answer."""
    return _with_reason(verdict, NO_ANSWER)


def said_of(verdict: dict[str, Any]) -> Said | None:
    """What the service said of a text, by its stored verdict; None where it has not spoken."""
    stored = verdict.get("outside") or {}
    return Said(stored["said"]) if stored.get("said") else None


def told_of(verdict: dict[str, Any]) -> Said | None:
    """What the service was last told that people took the text for."""
    stored = verdict.get("outside") or {}
    return Said(stored["told"]) if stored.get("told") else None


def with_told(verdict: dict[str, Any], told: Said) -> dict[str, Any]:
    """A stored verdict that remembers what the service was told."""
    return {**verdict, "outside": {**(verdict.get("outside") or {}), "told": told}}


def _spoken(opinion: Opinion, name: str) -> Sentence:
    service, words = NAMES.get(name, name), opinion.words
    match opinion.said:
        case Said.HAM if words:
            return says(
                "%(service)s found nothing wrong: “%(words)s”", service=service, words=words
            )
        case Said.HAM:
            return says("%(service)s found nothing wrong.", service=service)
        case Said.SPAM if words:
            return says("%(service)s takes it for spam: “%(words)s”", service=service, words=words)
        case Said.SPAM:
            return says("%(service)s takes it for spam.", service=service)
        case Said.UNSURE if words:
            return says("%(service)s could not tell: “%(words)s”", service=service, words=words)
        case Said.UNSURE:
            return says("%(service)s could not tell.", service=service)


def _with_reason(verdict: dict[str, Any], said: Sentence) -> dict[str, Any]:
    reasons = [one for one in verdict.get("reasons", []) if one.get("name") != REASON]
    return {**verdict, "reasons": [*reasons, Reason(REASON, 0, said).as_stored()]}
