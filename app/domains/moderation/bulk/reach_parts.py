"""Reaching back to more questions than one transaction shall hold: the acts of a batch's parts.

What would be refused is refused before it begins; what changed meanwhile is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from app.domains.accounts.models import Account
from app.domains.answers import queries as answers
from app.domains.answers.errors import CardIsRetired
from app.domains.answers.models import AnswerCard
from app.domains.comments import reaching
from app.domains.comments.errors import LinkAlone, NotTheAuthor

VERB = reaching.ACT


def act(source: str, card: AnswerCard | None, thing: str) -> dict[str, Any]:
    """What a batch keeps of it: the author's words or the card, and what was published."""
    if card is not None:
        return {"verb": VERB, "card": card.id, "because of": thing}
    return {"verb": VERB, "body": source, "because of": thing}


def checked(
    question_ids: Collection[int], source: str, card: AnswerCard | None, by: Account
) -> list[tuple[int, int]]:
    """The questions that everyone may read, with the versions they have. Raises as
    `reaching.check` does."""
    reaching.check_number(question_ids)
    found = reaching.published_among(question_ids)
    if found:
        reaching.check(found, source, card, by=by)
    return [(one.id, one.version) for one in found]


def run(part: Sequence[tuple[int, int]], wish: dict[str, Any], *, by: Account, batch: str) -> int:
    """Answer these questions; how many were. Those are left alone that changed, that the person may
    answer as the author no more, or that want words where only a link is given."""
    return sum(_answered(ref, version, wish, by, batch) for ref, version in part)


def _answered(ref: int, version: int, wish: dict[str, Any], by: Account, batch: str) -> bool:
    try:
        if "card" not in wish:
            words, thing = wish["body"], wish["because of"]
            return reaching.reply_to(ref, version, words, by=by, batch=batch, thing=thing)
        card = answers.find_by_id(wish["card"])
        return card is not None and reaching.link_to(ref, version, card, by=by, batch=batch)
    except (CardIsRetired, LinkAlone, NotTheAuthor):
        return False
