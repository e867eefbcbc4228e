"""What the desk and the author's inbox take of what was found for a question when it came in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.domains.answers.events import CardLinked
from app.domains.answers.models import CardLink
from app.domains.answers.states import How
from app.domains.comments.models import Comment
from app.infra.db import db
from app.search import outcomes, stored
from app.search.alike import Alike

PLACES = {How.DESK: "desk", How.AUTHOR: "inbox"}
LOOKED_AT = 4
"""So many stand beside a question on both pages."""


def card_linked(event: CardLinked) -> None:
    """Note which suggestion the linked card is, and those beside it that were not chosen. A card
    that was no suggestion says nothing of them: who links it may never have looked."""
    link = db.session.get(CardLink, event.link_id)
    place = PLACES.get(How(link.how)) if link is not None else None
    if link is None or place is None:
        return
    comment = db.session.get_one(Comment, link.comment_id)
    found = stored.for_comments([comment], limit=LOOKED_AT, on_the_spot=0)[comment.id]
    taken = _which(found, link.card_id)
    if taken is not None:
        outcomes.taken(place, comment.source, taken, found.index(taken) + 1)
        outcomes.shown(place, comment.source, found, but=(taken.kind, taken.ref))


def _which(found: Sequence[Alike], card_id: int) -> Alike | None:
    """The card itself, or a question whose answer it is."""
    asked = [one.ref for one in found if one.kind == "question"]
    answered = set(
        db.session.scalars(
            select(CardLink.comment_id).where(
                CardLink.card_id == card_id, CardLink.comment_id.in_(asked)
            )
        )
    )
    for one in found:
        if (one.kind, one.ref) == ("card", card_id):
            return one
        if one.kind == "question" and one.ref in answered:
            return one
    return None
