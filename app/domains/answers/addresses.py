"""The addresses of cards: made of the title, or chosen; a former one leads on."""

from __future__ import annotations

from itertools import chain, count

from sqlalchemy import delete, select

from app.domains.answers.errors import UnfitCard
from app.domains.answers.models import AnswerCard, FormerCardSlug
from app.domains.tags.models import SLUG_LENGTH
from app.engines.text.slug import slugify
from app.infra import locks
from app.infra.db import db
from app.infra.language import sentence

TAKEN = sentence("Another answer has this address, or had it once. Choose another one.")


def give_address(card: AnswerCard, asked: str) -> None:
    """Give a card the address that was asked for; without one it keeps its own, and a new card gets
    one made of its title. Of two who do this at once, the second sees the first's.

    Raises UnfitCard for one that another card has or had.
    """
    if not asked.strip():
        card.slug = card.slug or _free(card.title)
        return
    slug = slugify(asked, SLUG_LENGTH)
    if slug == card.slug:
        return
    locks.take(["card address"])
    if any(holder != card.id for holder in _holders(slug)):
        raise UnfitCard(TAKEN, "slug")
    if card.slug is not None:
        db.session.execute(delete(FormerCardSlug).where(FormerCardSlug.slug == slug))
        db.session.add(FormerCardSlug(slug=card.slug, card_id=card.id))
    card.slug = slug


def find_former(slug: str) -> AnswerCard | None:
    """The card that once had this slug."""
    owner = select(FormerCardSlug.card_id).where(FormerCardSlug.slug == slug).scalar_subquery()
    return db.session.scalar(select(AnswerCard).where(AnswerCard.id == owner))


def _holders(slug: str) -> list[int]:
    """The ids of the cards that have this slug, or had it."""
    has = select(AnswerCard.id).where(AnswerCard.slug == slug)
    had = select(FormerCardSlug.card_id).where(FormerCardSlug.slug == slug)
    return list(db.session.scalars(has.union(had)))


def _free(title: str) -> str:
    """Made of the title, with a number where it is in use or was."""
    locks.take(["card address"])
    slug = slugify(title, SLUG_LENGTH)
    shorter = slugify(title, SLUG_LENGTH - 8)  # room for a number
    columns = (AnswerCard.slug, FormerCardSlug.slug)
    alike = [select(one).where(one.startswith(shorter, autoescape=True)) for one in columns]
    used = {found for wanted in alike for found in db.session.scalars(wanted)}
    numbered = (f"{shorter}-{number}" for number in count(2))
    return next(free for free in chain([slug], numbered) if free not in used)
