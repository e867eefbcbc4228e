"""Tying a card to the questions that it answers. Verbs that flush, never commit.

Whether a question may be answered by a card is asked in `comments.cards`, which stands above and
is the only caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.models import Account
from app.domains.answers import events
from app.domains.answers.errors import CardIsRetired, UnfitCard
from app.domains.answers.models import REASON_LENGTH, WORDS_LENGTH, AnswerCard, CardLink
from app.domains.answers.queries import links_of
from app.domains.answers.states import How
from app.infra import admitted, audit, clock
from app.infra.db import db
from app.infra.events import record


def link(
    card: AnswerCard,
    comment_id: int,
    how: How,
    *,
    by: Account | None,
    because: str = "",
    actor_name: str = "",
    batch: str | None = None,
    same_as: int | None = None,
) -> CardLink:
    """Let a card answer a question; the link that is there already, where there is one.

    Where `by` is None, `actor_name` says who did it; `batch` is shared by acts that are one;
    `same_as` is the other question that it was taken from. Raises CardIsRetired.
    """
    before = cards_on(comment_id)
    if card.id in before["cards"]:
        return _link_between(card.id, comment_id)
    if card.retired_at is not None:
        raise CardIsRetired
    made = CardLink(
        comment_id=comment_id,
        card_id=card.id,
        card=card,
        how=how,
        because=because[:WORDS_LENGTH],
        by_id=by.id if by else None,
        at=clock.now(),
        reason="",
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # somebody linked it a moment ago: once is enough
        return _link_between(card.id, comment_id)
    detail = {"same as": same_as} if same_as else {}
    _put_on_record(
        "link card",
        card,
        comment_id,
        before,
        by=by,
        actor_name=actor_name,
        batch=batch,
        detail=detail,
    )
    record(events.CardLinked(made.id))
    return made


def unlink(link: CardLink, *, by: Account | None, actor_name: str = "") -> None:
    """Let a card answer a question no more."""
    before = cards_on(link.comment_id)
    card, comment_id = link.card, link.comment_id
    _take_away(link)
    _put_on_record("unlink card", card, comment_id, before, by=by, actor_name=actor_name)


def say_helped(link: CardLink, *, helped: bool, reason: str = "", actor_name: str = "") -> CardLink:
    """Keep what the asker said of the card. The same said twice is kept once.

    Raises UnfitCard for a reason that cannot be taken.
    """
    tidy = admitted.line(reason, "reason", REASON_LENGTH, UnfitCard, may_be_empty=True)
    tidy = "" if helped else tidy
    if link.helped == helped and link.reason == tidy:
        return link
    was = link.helped
    link.helped, link.helped_at, link.reason = helped, clock.now(), tidy
    db.session.flush()
    audit.write(
        "card helped" if helped else "card did not help",
        "comment",
        link.comment_id,
        by=None,
        actor_name=actor_name,
        reason=tidy,
        detail={
            "before": {"helped": was},
            "after": {"helped": helped},
            "card": link.card_id,
            "title": link.card.title,
        },
    )
    record(events.CardHelped(link.id) if helped else events.CardDidNotHelp(link.id))
    return link


def cards_on(comment_id: int) -> dict[str, Any]:
    """The cards of a question in values that JSON has: `cards` (ids), and `card_links` with all
    that is needed to put them back."""
    links = db.session.execute(_of_comment(), {"comment": comment_id}).all()
    return {
        "cards": [one.card_id for one in links],
        "card_links": [
            {
                "card": one.card_id,
                "how": one.how,
                "because": one.because,
                "by": one.by_id,
                "at": one.at.isoformat(),
                "helped": one.helped,
                "helped_at": one.helped_at.isoformat() if one.helped_at else None,
                "reason": one.reason,
            }
            for one in links
        ],
    }


@cache
def _of_comment() -> Select[*tuple[Any, ...]]:
    """Columns and no rows of the model: this is asked at every decision, and mostly for nothing."""
    names = ("card_id", "how", "because", "by_id", "at", "helped", "helped_at", "reason")
    return (
        select(*(getattr(CardLink, name) for name in names))
        .where(CardLink.comment_id == bindparam("comment"))
        .order_by(CardLink.card_id)
    )


def put_back(comment_id: int, former: Sequence[dict[str, Any]]) -> None:
    """Give a question the links again that `cards_on` told of, and no others; undoing writes the
    row in the record."""
    wanted = {one["card"]: one for one in former}
    for there in links_of(comment_id):
        if wanted.pop(there.card_id, None) is None:
            _take_away(there)
    for card_id, one in wanted.items():
        if db.session.get(AnswerCard, card_id) is None:
            continue
        again = CardLink(
            comment_id=comment_id,
            card_id=card_id,
            how=one["how"],
            because=one["because"],
            by_id=one["by"],
            at=datetime.fromisoformat(one["at"]),
            helped=one["helped"],
            helped_at=datetime.fromisoformat(one["helped_at"]) if one["helped_at"] else None,
            reason=one["reason"],
        )
        db.session.add(again)
        db.session.flush()
        record(events.CardLinked(again.id))


def _take_away(link: CardLink) -> None:
    record(events.CardUnlinked(link.id, link.comment_id, link.card_id))
    db.session.delete(link)
    db.session.flush()


def _link_between(card_id: int, comment_id: int) -> CardLink:
    return db.session.scalars(
        select(CardLink).where(CardLink.card_id == card_id, CardLink.comment_id == comment_id)
    ).one()


def _put_on_record(
    act: str,
    card: AnswerCard,
    comment_id: int,
    before: dict[str, Any],
    *,
    by: Account | None,
    actor_name: str,
    batch: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """The row belongs to the text, so that it stands in its history at the desk."""
    audit.write(
        act,
        "comment",
        comment_id,
        by=by,
        actor_name=actor_name,
        detail={
            "before": {"cards": before["cards"]},
            "after": {"cards": cards_on(comment_id)["cards"]},
            "kept": {"card_links": before["card_links"]},
            "card": card.id,
            "title": card.title,
            **(detail or {}),
        },
        batch=batch,
    )
