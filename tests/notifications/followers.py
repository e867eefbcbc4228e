"""People who follow things, and what happens there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.answers import services as card_services
from app.domains.answers.models import AnswerCard
from app.domains.articles import services as articles
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.tags.models import Tag
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications.following import services
from app.notifications.following.states import Often, Thing
from app.notifications.models import Follow
from tests.factories import make_account, make_address
from tests.notifications.steps import asked_and_approved

Deliver = Callable[[], int]
Pass = Callable[..., None]
BO = "bo@example.com"
KINDS = {
    Article: Thing.ARTICLE,
    Comment: Thing.QUESTION,
    Tag: Thing.TAG,
    AnswerCard: Thing.CARD,
    Account: Thing.AUTHOR,
}
LONG = "A tendon moves over the bone and that is what you hear. Let it be while it is quiet."
OTHER = "See somebody who looks at your hip, since a sound with pain is another matter."


def follows(
    thing: Article | Comment | Tag | Account | AnswerCard,
    email: str = BO,
    often: Often = Often.AT_ONCE,
) -> Address:
    known = db.session.scalar(select(Address).where(Address.email == email))
    address = known or make_address(email, proven=True)
    kind = KINDS[type(thing)]
    address_id, thing_id = address.id, thing.id
    with unit_of_work():
        services.follow(address_id, kind, thing_id, often)
    return db.session.get_one(Address, address_id)


def say(
    article: Article, text: str = "Mine clicks when I sit down too.", **others: object
) -> Comment:
    """Somebody's published words."""
    return asked_and_approved(article, make_account(Role.MODERATOR), text=text, **others)


def publish(article: Article, at: datetime | None = None) -> None:
    article_id = article.id
    with unit_of_work():
        articles.publish(db.session.get_one(Article, article_id), at)


def reword(card: AnswerCard, source: str) -> None:
    card_id, owner_id = card.id, card.owner_id
    with unit_of_work():
        held = db.session.get_one(AnswerCard, card_id)
        card_services.edit(
            held,
            title=held.title,
            source=source,
            tag_ids=[],
            resource_ids=[],
            article_ids=[],
            by=db.session.get_one(Account, owner_id),
            version=held.version,
        )


def tags_of(address_id: int) -> dict[int | None, str]:
    """The tags that an address follows, and how often it hears of each."""
    rows = db.session.scalars(select(Follow).where(Follow.address_id == address_id))
    return {row.tag_id: row.often for row in rows}
