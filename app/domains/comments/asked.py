"""The questions that cards answer, and how many people asked them: of all this only what everyone
may read counts, so that no number tells of a text that waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Label, Select, String, cast, exists, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, CardLink
from app.domains.answers.queries import FOR_LISTS
from app.domains.articles import queries as articles
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import published
from app.domains.comments.states import Kind
from app.infra.db import db
from app.infra.paging import FIRST, Key, Wanted, Ways, in_order, page_of

CARDS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class AskedCard:
    """A card in a list: how many people asked what it answers, in how many questions, and of how
    many askers it was no help to."""

    card: AnswerCard
    people: int
    questions: int
    not_helped: int


def people(card_ids: Collection[int]) -> dict[int, int]:
    """How many different people each card answered: the askers of its published questions and
    those who have them too, but for questions whose asker said that it is no help. One query."""
    if not card_ids:
        return {}
    counted = _counted(CardLink.card_id.in_(card_ids))
    found = {row.card_id: row.people for row in db.session.execute(counted)}
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


def _counted(*where: ColumnElement[bool]) -> Select[tuple[int, int, int]]:
    """Rows of card id, people and questions."""
    asker = aliased(Account)
    asked = (
        select(
            CardLink.card_id,
            CardLink.comment_id,
            _person(Comment.address_id, asker.address_id, "comment", Comment.id).label("person"),
        )
        .join(Comment, Comment.id == CardLink.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .outerjoin(asker, asker.id == Comment.account_id)
        .where(*answered(*where))
    )
    too = (
        select(
            CardLink.card_id,
            CardLink.comment_id,
            _person(MeToo.address_id, asker.address_id, "too", MeToo.id).label("person"),
        )
        .join(Comment, Comment.id == CardLink.comment_id)
        .join(Article, Article.id == Comment.article_id)
        .join(MeToo, MeToo.comment_id == Comment.id)
        .outerjoin(asker, asker.id == MeToo.account_id)
        .where(*answered(*where))
    )
    both = asked.union_all(too).subquery()
    return select(
        both.c.card_id,
        func.count(func.distinct(both.c.person)).label("people"),
        func.count(func.distinct(both.c.comment_id)).label("questions"),
    ).group_by(both.c.card_id)


def _person(
    address_id: InstrumentedAttribute[int | None],
    of_account: InstrumentedAttribute[int],
    else_kind: str,
    else_id: InstrumentedAttribute[int],
) -> ColumnElement[str]:
    """One name for one person: their address, which an account has too; each text that came
    without one is a person of its own."""
    return func.coalesce(
        cast(address_id, String),
        cast(of_account, String),
        literal(else_kind) + cast(else_id, String),
    )


# Lists of cards


def most_asked(*, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE) -> tuple[list[AskedCard], Ways]:
    """Cards that are not retired, those that answered the most people first, then the newest.
    Their tags are loaded, their texts are not."""
    return _listed(AnswerCard.retired_at.is_(None), wanted=wanted, size=size)


def retired(*, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE) -> tuple[list[AskedCard], Ways]:
    """Retired cards, as `most_asked`."""
    return _listed(AnswerCard.retired_at.is_not(None), wanted=wanted, size=size)


def to_recheck(*, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE) -> tuple[list[AskedCard], Ways]:
    """Cards that somebody must look at again, as `most_asked`."""
    return _listed(AnswerCard.recheck_at.is_not(None), wanted=wanted, size=size)


def not_helping(
    *, wanted: Wanted = FIRST, size: int = CARDS_A_PAGE
) -> tuple[list[AskedCard], Ways]:
    """Cards of which an asker said that they are no help, those with the most of them first."""
    return _listed(_was_no_help(), wanted=wanted, size=size, order=(_not_helped(),))


def _was_no_help() -> ColumnElement[bool]:
    return exists().where(CardLink.card_id == AnswerCard.id, CardLink.helped.is_(False))


def _not_helped() -> Label[int]:
    return (
        select(func.count(CardLink.id))
        .where(CardLink.card_id == AnswerCard.id, CardLink.helped.is_(False))
        .correlate(AnswerCard)
        .scalar_subquery()
        .label("not_helped")
    )


def _listed(
    where: ColumnElement[bool],
    *,
    wanted: Wanted,
    size: int,
    order: tuple[Label[int], ...] = (),
) -> tuple[list[AskedCard], Ways]:
    counted = _counted().subquery()
    people = func.coalesce(counted.c.people, 0).label("people")
    keys: tuple[Key, ...] = *order, people, AnswerCard.updated_at, AnswerCard.id
    others = (
        func.coalesce(counted.c.questions, 0).label("questions"),
        *(() if order else (_not_helped(),)),
    )
    listed = (
        select(*keys, *others).outerjoin(counted, counted.c.card_id == AnswerCard.id).where(where)
    )
    rows, ways = page_of(listed, keys, wanted, size=size)
    options = *FOR_LISTS, selectinload(AnswerCard.tags), joinedload(AnswerCard.owner)
    cards = {card.id: card for card in in_order(AnswerCard, rows, *options)}
    return [
        AskedCard(cards[row.id], row.people, row.questions, row.not_helped) for row in rows
    ], ways
