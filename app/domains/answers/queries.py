"""Reads of cards and of what they answer. Who asked, and what of it everyone may read, is told in
`comments.asked`: questions stand above."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import defer, joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, CardLink, CardRevision, card_path, card_tag
from app.domains.answers.resting import pointers_of
from app.domains.articles.pointers import Pointer
from app.infra.db import db, rows_of

FOR_LISTS = (
    defer(AnswerCard.source, raiseload=True),
    defer(AnswerCard.html, raiseload=True),
)
"""A list draws no texts, and asking for one there is a fault that a test finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCard:
    """A card as it stands in the thread of a question that it answers. `owner_name` is None where
    the owner left; `helped` is what the asker said, None for nothing yet."""

    link_id: int
    card_id: int
    title: str
    href: str
    html: Markup
    owner_name: str | None
    username: str | None
    created_at: datetime
    updated_at: datetime
    linked_at: datetime
    helped: bool | None
    origin_id: int | None
    is_retired: bool
    pointers: tuple[Pointer, ...]

    @property
    def is_edited(self) -> bool:
        """Whether it says something else than when it was written."""
        return self.updated_at > self.created_at


# One card


def find(slug: str) -> AnswerCard | None:
    """A card with all that its page shows, retired ones included."""
    return _whole(AnswerCard.slug == slug)


def find_by_id(card_id: int) -> AnswerCard | None:
    return _whole(AnswerCard.id == card_id)


def _whole(where: ColumnElement[bool]) -> AnswerCard | None:
    return db.session.scalar(
        select(AnswerCard)
        .options(
            joinedload(AnswerCard.owner),
            selectinload(AnswerCard.tags),
            selectinload(AnswerCard.resources),
            selectinload(AnswerCard.articles),
        )
        .where(where)
    )


def find_to_change(card_id: int) -> AnswerCard | None:
    """A card as it is at this moment, held until the transaction ends."""
    return db.session.scalar(
        select(AnswerCard)
        .where(AnswerCard.id == card_id)
        .with_for_update(of=AnswerCard)
        .execution_options(populate_existing=True)
    )


def revisions(card: AnswerCard, limit: int = 50) -> list[CardRevision]:
    """What a card said before, the newest first."""
    found = db.session.scalars(
        select(CardRevision)
        .where(CardRevision.card_id == card.id)
        .order_by(CardRevision.id.desc())
        .limit(limit)
    )
    return list(found)


def find_revision(card: AnswerCard, revision_id: int) -> CardRevision | None:
    return db.session.scalar(
        select(CardRevision).where(CardRevision.id == revision_id, CardRevision.card_id == card.id)
    )


# What cards answer


def find_link(link_id: int) -> CardLink | None:
    return db.session.scalar(
        select(CardLink).options(joinedload(CardLink.card)).where(CardLink.id == link_id)
    )


def links_of(comment_id: int) -> list[CardLink]:
    """The links of one question, the oldest first, with their cards."""
    found = db.session.scalars(
        select(CardLink)
        .options(joinedload(CardLink.card))
        .where(CardLink.comment_id == comment_id)
        .order_by(CardLink.at, CardLink.id)
    )
    return list(found)


def card_of(comment_ids: Collection[int]) -> dict[int, list[LinkedCard]]:
    """The cards that answer each of these questions, first linked first. One query where there are
    none, two where there are some. Whether a question may be read is the caller's business."""
    if not comment_ids:
        return {}
    rows = db.session.execute(
        select(CardLink, AnswerCard, Account.name, Account.username)
        .join(AnswerCard, AnswerCard.id == CardLink.card_id)
        .outerjoin(Account, Account.id == AnswerCard.owner_id)
        .where(CardLink.comment_id.in_(comment_ids))
        .order_by(CardLink.at, CardLink.id)
    ).all()
    pointers = pointers_of({row.CardLink.card_id for row in rows})
    found: dict[int, list[LinkedCard]] = {}
    for link, card, name, username in rows:
        face = LinkedCard(
            link_id=link.id,
            card_id=card.id,
            title=card.title,
            href=card.href,
            html=Markup(card.html),  # noqa: S704  (the sanitiser's output, stored as such)
            owner_name=name,
            username=username,
            created_at=card.created_at,
            updated_at=card.updated_at,
            linked_at=link.at,
            helped=link.helped,
            origin_id=card.origin_id,
            is_retired=card.retired_at is not None,
            pointers=pointers.get(card.id, ()),
        )
        found.setdefault(link.comment_id, []).append(face)
    return found


# Lists


class Entry(NamedTuple):
    """A card as a list draws it; `href` is the path of its page."""

    title: str
    href: str
    updated_at: datetime


def with_tag(tag_id: int, *, most: int) -> list[Entry]:
    """The cards with this tag that are not retired, those that were changed last first."""
    rows = rows_of(_with_tag(), {"tag_id": tag_id, "most": most})
    return [Entry(row.title, card_path(row.slug), row.updated_at) for row in rows]


@cache
def _with_tag() -> Select[str, str, datetime]:
    """Put together once in each process."""
    return (
        select(AnswerCard.title, AnswerCard.slug, AnswerCard.updated_at)
        .join(card_tag, card_tag.c.card_id == AnswerCard.id)
        .where(card_tag.c.tag_id == bindparam("tag_id"), AnswerCard.retired_at.is_(None))
        .order_by(AnswerCard.updated_at.desc(), AnswerCard.id.desc())
        .limit(bindparam("most"))
    )


def in_sitemap() -> list[tuple[str, datetime]]:
    """Slug and time of the last change of every card that is not retired, by id."""
    found = db.session.execute(
        select(AnswerCard.slug, AnswerCard.updated_at)
        .where(AnswerCard.retired_at.is_(None))
        .order_by(AnswerCard.id)
    )
    return [(slug, at) for slug, at in found]
