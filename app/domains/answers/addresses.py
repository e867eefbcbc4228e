"""The addresses of cards."""

from __future__ import annotations

from itertools import chain, count

from sqlalchemy import select

from app.domains.answers.models import AnswerCard
from app.domains.tags.models import SLUG_LENGTH
from app.engines.text.slug import slugify
from app.infra import locks
from app.infra.db import db


def free_slug(title: str) -> str:
    """Made of the title, with a number where it is in use. Of two who write a card at once, the
    second sees the first's."""
    locks.take(["card address"])
    slug = slugify(title, SLUG_LENGTH)
    shorter = slugify(title, SLUG_LENGTH - 8)  # room for a number
    alike = AnswerCard.slug.startswith(shorter, autoescape=True)
    used = set(db.session.scalars(select(AnswerCard.slug).where(alike)))
    numbered = (f"{shorter}-{number}" for number in count(2))
    return next(free for free in chain([slug], numbered) if free not in used)
