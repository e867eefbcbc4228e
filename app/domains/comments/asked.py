"""The questions that cards answer, and how many people asked them: of all this only what everyone
may read counts, so that no number tells of a text that waits."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload, selectinload

from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.queries import FOR_LISTS
from app.domains.articles import queries as articles
from app.domains.comments.models import Comment
from app.domains.comments.queries import published
from app.domains.comments.states import Kind
from app.infra.db import db
from app.infra.paging import FIRST, Key, Wanted, Ways, in_order, page_of

CARDS_A_PAGE = 30


def people(card_ids: Collection[int]) -> dict[int, int]:
    """How many different people each card answered, as it was counted last (`card_counts`): the
    askers of its published questions and those who have them too, but for questions whose asker
    said that it is no help. One query."""
    if not card_ids:
        return {}
    kept = select(AnswerCard.id, AnswerCard.people).where(AnswerCard.id.in_(card_ids))
    found = {row.id: row.people for row in db.session.execute(kept)}
    return {card_id: found.get(card_id, 0) for card_id in card_ids}


def is_told_by_a_card() -> ColumnElement[bool]:
    """Whether a listed card's page stands for a question's own (`faces.Shown.canonical_card`)."""
    return exists().where(
        CardLink.comment_id == Comment.id,
        CardLink.helped.is_not(False),
        AnswerCard.id == CardLink.card_id,
        AnswerCard.retired_at.is_(None),
    )


def answered(*where: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """What says of links that everyone may know of and that hold."""
    return (
        CardLink.helped.is_not(False),
        Comment.kind == Kind.QUESTION,
        published(),
        articles.visible(),
        *where,
    )


# Lists of cards


def most_asked(
    *, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE
) -> tuple[list[AnswerCard], Ways]:
    """Cards that are not retired, those that answered the most people first, then the newest.
    Their tags are loaded, their texts are not."""
    return _listed(AnswerCard.retired_at.is_(None), wanted=wanted, size=size)


def retired(*, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE) -> tuple[list[AnswerCard], Ways]:
    """Retired cards, as `most_asked`."""
    return _listed(AnswerCard.retired_at.is_not(None), wanted=wanted, size=size)


def to_recheck(
    *, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE
) -> tuple[list[AnswerCard], Ways]:
    """Cards that somebody must look at again, as `most_asked`."""
    return _listed(AnswerCard.recheck_at.is_not(None), wanted=wanted, size=size)


def not_helping(
    *, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE
) -> tuple[list[AnswerCard], Ways]:
    """Cards of which an asker said that they are no help, those with the most of them first."""
    where = AnswerCard.not_helped > 0
    return _listed(where, wanted=wanted, size=size, order=(AnswerCard.not_helped,))


def _listed(
    where: ColumnElement[bool],
    *,
    wanted: Wanted,
    size: int,
    order: tuple[Key, ...] = (),
) -> tuple[list[AnswerCard], Ways]:
    keys: tuple[Key, ...] = *order, AnswerCard.people, AnswerCard.updated_at, AnswerCard.id
    rows, ways = page_of(select(*keys).where(where), keys, wanted, size=size)
    options = *FOR_LISTS, selectinload(AnswerCard.tags), joinedload(AnswerCard.owner)
    return in_order(AnswerCard, rows, *options), ways
