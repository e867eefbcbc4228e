"""The names of what a wish says by number, and what the form of filters offers to choose from."""

from __future__ import annotations

from sqlalchemy import select

from app.domains.accounts.models import Account, Address
from app.domains.articles.models import Article, article_tag
from app.domains.moderation.queue.queries import Seat
from app.domains.moderation.queue.wishes import Wish
from app.domains.tags.models import Tag
from app.infra.db import db

MOST_ARTICLES = 500
_NAMES = {
    "article": (Article.title, Article.id),
    "tag": (Tag.name, Tag.id),
    "account": (Account.name, Account.id),
    "address": (Address.email, Address.id),
}


def names(wish: Wish) -> dict[str, str]:
    """What the numbers of a wish stand for, by the filter's name; a number that nothing has is not
    among them. One query where there are any, else none."""
    wanted = [name for name in _NAMES if getattr(wish, name)]
    if not wanted:
        return {}
    parts = []
    for name in wanted:
        shown, key = _NAMES[name]
        parts.append(select(shown).where(key == getattr(wish, name)).scalar_subquery().label(name))
    row = db.session.execute(select(*parts)).one()
    return {name: row[number] for number, name in enumerate(wanted) if row[number] is not None}


def articles_to_choose(seat: Seat) -> list[tuple[int, str]]:
    """Ids and titles of the articles whose texts this moderator sees, newest first."""
    statement = select(Article.id, Article.title)
    if seat.tag_ids is not None:
        own = article_tag.c.tag_id.in_(seat.tag_ids)
        statement = statement.where(Article.id.in_(select(article_tag.c.article_id).where(own)))
    found = db.session.execute(statement.order_by(Article.id.desc()).limit(MOST_ARTICLES))
    return [(row.id, row.title) for row in found]
