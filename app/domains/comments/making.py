"""Making a card of a good reply, in one act: with the question above it, and what it links to."""

from __future__ import annotations

import re
from urllib.parse import unquote

from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers import policy as card_policy
from app.domains.answers import services
from app.domains.answers.models import AnswerCard
from app.domains.answers.states import How
from app.domains.articles.models import Article
from app.domains.comments import cards, errors, policy
from app.domains.comments.models import Comment
from app.domains.comments.queries import find_to_change
from app.domains.resources.models import Resource
from app.engines.text.excerpt import title_from
from app.infra.db import db
from app.infra.http.links import absolute

_LINK = re.compile(r'href="([^"#?]+)')


def make_card_of(reply: Comment, *, by: Account) -> AnswerCard:
    """A card with the reply's text, titled and tagged as the question above it, which it answers
    at once; owned by whoever wrote the reply, while they may write cards. A second call finds the
    first card.

    Raises NoReply for a text that is no published answer of the staff.
    """
    if not policy.may_become_a_card(reply):
        raise errors.NoReply
    # Held, so that of two who make one at once the second finds the first's.
    question = find_to_change(reply.question_id) if reply.question_id is not None else None
    made = db.session.scalar(select(AnswerCard).where(AnswerCard.origin_id == reply.id).limit(1))
    if made is not None:
        return made
    card = services.create(
        question.title if question else title_from(reply.source),
        reply.source,
        [tag.tag_id for tag in question.tags] if question else [],
        _linked(reply, "/resources/", Resource),
        _linked(reply, "/articles/", Article),
        by=by,
        owner=_owner(reply, by),
        origin_id=reply.id,
    )
    if question is not None and cards.may_be_answered(question):
        cards.answer_with(question, card, by=by, how=How.AUTHOR)
    return card


def _owner(reply: Comment, by: Account) -> Account | None:
    """Whose words they are; else whoever made the card, unless that is only a moderator."""
    people = (reply.account, by)
    return next((one for one in people if card_policy.may_own_cards(one)), None)


def _linked(reply: Comment, below: str, model: type[Resource | Article]) -> list[int]:
    """The ids of the things whose pages the reply links to, by path or by full address."""
    site = absolute("/").rstrip("/")
    paths = [address.removeprefix(site) for address in _LINK.findall(reply.html)]
    slugs = {unquote(path.removeprefix(below)) for path in paths if path.startswith(below)}
    return list(db.session.scalars(select(model.id).where(model.slug.in_(slugs))))
