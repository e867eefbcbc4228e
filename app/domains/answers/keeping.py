"""Who looks after a card, and whether it is offered. Verbs that flush, never commit."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.answers import events, policy
from app.domains.answers.errors import CardHasOwner
from app.domains.answers.models import AnswerCard
from app.domains.answers.recording import put_on_record
from app.infra import clock
from app.infra.db import db
from app.infra.events import record


def take_over(card: AnswerCard, *, by: Account) -> None:
    """Look after a card from now on whose owner left or writes no more; it says so in its byline.

    The caller holds the card. Raises CardHasOwner while somebody looks after it.
    """
    if policy.may_own_cards(card.owner):
        raise CardHasOwner
    former = card.owner
    card.owner = by
    card.version += 1
    db.session.flush()
    owners = {
        "before": {"owner": former.name if former else None},
        "after": {"owner": by.name},
    }
    put_on_record("take over", card, by, detail=owners)


def retire(card: AnswerCard, *, by: Account | None) -> None:
    """Take a card out of every list; where it answers, it stays. Does nothing to a retired one."""
    if card.retired_at is not None:
        return
    card.retired_at = clock.now()
    card.version += 1
    db.session.flush()
    put_on_record("retire", card, by, states=("live", "retired"))
    record(events.CardRetired(card.id))


def restore(card: AnswerCard, *, by: Account | None) -> None:
    """Put a retired card back into the lists. Does nothing to a card that is there."""
    if card.retired_at is None:
        return
    card.retired_at = None
    card.version += 1
    db.session.flush()
    put_on_record("restore", card, by, states=("retired", "live"))
    record(events.CardChanged(card.id))
