"""Cards that rest on something that changed: marked, so that an author looks whether they are
still right. Verbs that flush, never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from app.domains.accounts.models import Account
from app.domains.answers import recheck_reasons
from app.domains.answers.errors import CheckStands, NothingToCheck
from app.domains.answers.models import WORDS_LENGTH, AnswerCard, card_article, card_resource
from app.domains.resources import services as resources
from app.domains.resources.models import Resource
from app.infra import audit, clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.language import _

STILL_RIGHT = "still right"
COUNTED = 1_000
"""Cards to look at again; pages say "more than" of more, and cost no more."""
_ENDS = ('"', "#", "?")
"""What follows an address in the HTML of a link to it."""


def links_to(
    html: InstrumentedAttribute[str], addresses: Sequence[str]
) -> list[ColumnElement[bool]]:
    """The ways in which safe HTML links to one of these addresses, as they stand in an `href`."""
    return [
        html.contains(f'href="{address}{end}', autoescape=True)
        for address in addresses
        for end in _ENDS
    ]


def mark(
    reason: str,
    *,
    addresses: Sequence[str] = (),
    resource_id: int | None = None,
    article_id: int | None = None,
) -> None:
    """Mark the cards that rest on this resource or article, or link to one of these addresses;
    retired ones too, which stand where they answer.

    A second call marks nothing anew: the time of the first stays, the reason is the newest.
    """
    rests = links_to(AnswerCard.html, addresses)
    for table, ref, thing in (
        (card_resource, card_resource.c.resource_id, resource_id),
        (card_article, card_article.c.article_id, article_id),
    ):
        if thing is not None:
            rests.append(AnswerCard.id.in_(select(table.c.card_id).where(ref == thing)))
    if not rests:
        return
    db.session.execute(
        update(AnswerCard)
        .where(or_(*rests))
        .values(
            recheck_at=func.coalesce(AnswerCard.recheck_at, clock.now()),
            recheck_reason=_fitting(reason),
        )
        .execution_options(synchronize_session=False)
    )


def lift(reason: str) -> None:
    """Take the marks away that say this and nothing newer."""
    db.session.execute(
        update(AnswerCard)
        .where(AnswerCard.recheck_at.is_not(None), AnswerCard.recheck_reason == _fitting(reason))
        .values(recheck_at=None, recheck_reason="")
        .execution_options(synchronize_session=False)
    )


def remove_resource(resource: Resource, *, by: Account | None = None) -> None:
    """Take a resource away, and mark the cards that rested on it while that is still known."""
    mark(recheck_reasons.of(recheck_reasons.GONE, resource.title), resource_id=resource.id)
    resources.remove_resource(resource, by=by)


def still_right(card: AnswerCard, *, by: Account) -> AuditEntry:
    """An author looked and the card holds, with its row in the record.

    Raises NothingToCheck where nothing is marked.
    """
    if card.recheck_at is None:
        raise NothingToCheck
    before = _mark_of(card)
    card.recheck_at, card.recheck_reason = None, ""
    db.session.flush()
    return audit.write(
        STILL_RIGHT,
        "card",
        card.id,
        by=by,
        detail={"title": card.title, "before": before, "after": _mark_of(card)},
    )


def is_still_right(entry: AuditEntry) -> bool:
    """Whether this row of the record says that a card was found to be still right."""
    return (entry.subject, entry.act) == ("card", STILL_RIGHT)


def undoable(entries: Sequence[AuditEntry]) -> frozenset[int]:
    """The ids of those of these entries that say so and that nothing stands against undoing of."""
    return frozenset(one.id for one in entries if is_still_right(one) and not _obstacle(one))


def undo_still_right(entry: AuditEntry, *, by: Account) -> AnswerCard:
    """Mark a card again as it was marked, with its own row in the record. Raises CheckStands."""
    card = db.session.get(
        AnswerCard, entry.subject_id, with_for_update=True, populate_existing=True
    )
    obstacle = _obstacle(entry)
    if obstacle or card is None:
        raise CheckStands(obstacle)
    before = _mark_of(card)
    marked = entry.detail["before"]
    card.recheck_at = datetime.fromisoformat(marked["recheck_at"])
    card.recheck_reason = marked["recheck_reason"]
    db.session.flush()
    audit.write(
        "undo",
        "card",
        card.id,
        by=by,
        reason=f"undoes {entry.act}",
        detail={
            "undoes": entry.id,
            "title": card.title,
            "before": before,
            "after": _mark_of(card),
        },
    )
    return card


def _obstacle(entry: AuditEntry) -> str:
    """Why this cannot be undone, as a sentence; empty where it can be."""
    card = db.session.get(AnswerCard, entry.subject_id)
    if card is None:
        return _("The card is gone.")
    if card.recheck_at is not None:
        return _("It waits to be looked at again already.")
    if "before" not in entry.detail:
        return _("It was done before the record kept what undoing needs.")
    since = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.subject == "card",
            AuditEntry.subject_id == card.id,
            AuditEntry.id > entry.id,
            AuditEntry.act.in_(("edit", "undo", STILL_RIGHT)),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    if since is None:
        return ""
    return _("%(name)s looked at it again since.", name=since.actor_name or _("Somebody"))


def _mark_of(card: AnswerCard) -> dict[str, str | None]:
    at = card.recheck_at
    return {"recheck_at": at.isoformat() if at else None, "recheck_reason": card.recheck_reason}


def waiting(limit: int) -> list[AnswerCard]:
    """The cards to look at again, the longest marked first, with what they rest on."""
    found = db.session.scalars(
        select(AnswerCard)
        .options(selectinload(AnswerCard.resources), selectinload(AnswerCard.articles))
        .where(AnswerCard.recheck_at.is_not(None))
        .order_by(AnswerCard.recheck_at, AnswerCard.id)
        .limit(limit)
    )
    return list(found)


def count_waiting() -> int:
    """How many there are, counted to COUNTED."""
    some = select(AnswerCard.id).where(AnswerCard.recheck_at.is_not(None)).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _fitting(reason: str) -> str:
    return reason if len(reason) <= WORDS_LENGTH else f"{reason[: WORDS_LENGTH - 1]}…"
