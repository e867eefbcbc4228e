"""Making a card of a good reply, in one act: with the question above it, and what it links to."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers import services
from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.articles.models import Article
from app.domains.comments import cards, errors, policy
from app.domains.comments.models import Comment
from app.domains.comments.queries import find
from app.domains.resources.models import Resource
from app.engines.text.excerpt import title_from
from app.infra.db import db
from app.infra.http.links import absolute

_LINK = re.compile(r'href="([^"#?]+)')


def make_card_of(reply: Comment, *, by: Account) -> AnswerCard:
    """A card with the reply's text, titled and tagged as the question above it, which it answers
    at once. A second call finds the first card.

    Raises NoReply for a text that is no published answer of the staff.
    """
    if not policy.may_become_a_card(reply):
        raise errors.NoReply
    made = db.session.scalar(select(AnswerCard).where(AnswerCard.origin_id == reply.id).limit(1))
    if made is not None:
        return made
    question = find(reply.question_id) if reply.question_id is not None else None
    card = services.create(
        question.title if question else title_from(reply.source),
        reply.source,
        [tag.tag_id for tag in question.tags] if question else [],
        _linked(reply, "/resources/", Resource),
        _linked(reply, "/articles/", Article),
        by=by,
        origin_id=reply.id,
    )
    if question is not None and cards.may_be_answered(question):
        cards.answer_with(question, card, by=by, how=How.AUTHOR)
    return card


def _linked(reply: Comment, below: str, model: type[Resource | Article]) -> list[int]:
    """The ids of the things whose pages the reply links to, by path or by full address."""
    site = absolute("/").rstrip("/")
    paths = [address.removeprefix(site) for address in _LINK.findall(reply.html)]
    slugs = {unquote(path.removeprefix(below)) for path in paths if path.startswith(below)}
    return list(db.session.scalars(select(model.id).where(model.slug.in_(slugs))))
