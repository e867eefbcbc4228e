"""What is followed, as everyone may read it at this moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, load_only

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard, card_path
from app.domains.articles.models import Article
from app.domains.articles.queries import is_author, visible
from app.domains.comments.models import Comment, question_path
from app.domains.comments.queries import published
from app.domains.comments.states import Kind
from app.domains.tags.models import Tag
from app.infra.db import db
from app.notifications.following.states import Thing
from app.notifications.models import Follow

COLUMNS: Mapping[Thing, InstrumentedAttribute[int | None]] = {
    Thing.ARTICLE: Follow.article_id,
    Thing.QUESTION: Follow.question_id,
    Thing.TAG: Follow.tag_id,
    Thing.CARD: Follow.card_id,
    Thing.AUTHOR: Follow.author_id,
}


@dataclass(frozen=True, slots=True)
class Followed:
    """A thing with the title and the path that everyone knows it by."""

    thing: Thing
    thing_id: int
    title: str
    href: str

    @property
    def name(self) -> str:
        """As forms and links in mails name it."""
        return f"{self.thing}-{self.thing_id}"


def find(thing: Thing, thing_id: int) -> Followed | None:
    """None for what is not there, or is not for everyone to read."""
    return find_all(thing, [thing_id]).get(thing_id)


def find_all(thing: Thing, ids: Collection[int]) -> dict[int, Followed]:
    """Those of these things that everyone may read, by their ids. One query."""
    return {
        thing_id: Followed(thing, thing_id, title, href)
        for thing_id, title, href in _FINDING[thing](ids)
    }


def find_named(name: str) -> tuple[Thing, int] | None:
    """What `Followed.name` names, whether it is there or not; None for any other text."""
    thing, _, number = name.rpartition("-")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return (Thing(thing), int(number)) if thing in set(Thing) and is_number else None


def of(follow: Follow) -> tuple[Thing, int]:
    """What a row follows."""
    for thing, column in COLUMNS.items():
        thing_id = getattr(follow, column.key)
        if thing_id is not None:
            return thing, thing_id
    raise LookupError(f"row {follow.id} follows nothing")


_Found = Iterable[tuple[int, str, str]]


def _articles(ids: Collection[int]) -> _Found:
    found = db.session.scalars(
        select(Article)
        .options(load_only(Article.title, Article.slug))
        .where(Article.id.in_(ids), visible())
    )
    return [(article.id, article.title, article.href) for article in found]


def _questions(ids: Collection[int]) -> _Found:
    found = db.session.execute(
        select(Comment.id, Comment.title)
        .join(Article, Article.id == Comment.article_id)
        .where(
            Comment.id.in_(ids), Comment.kind == Kind.QUESTION, published(of_few=True), visible()
        )
    )
    return [(row.id, row.title, question_path(row.id, row.title)) for row in found]


def _tags(ids: Collection[int]) -> _Found:
    found = db.session.execute(select(Tag.id, Tag.name, Tag.slug).where(Tag.id.in_(ids)))
    return [(row.id, row.name, f"/tags/{quote(row.slug)}") for row in found]


def _cards(ids: Collection[int]) -> _Found:
    """Retired ones too: where they answer, they stay."""
    wanted = select(AnswerCard.id, AnswerCard.title, AnswerCard.slug)
    found = db.session.execute(wanted.where(AnswerCard.id.in_(ids)))
    return [(row.id, row.title, card_path(row.slug)) for row in found]


def _authors(ids: Collection[int]) -> _Found:
    found = db.session.execute(
        select(Account.id, Account.name, Account.username).where(Account.id.in_(ids), is_author())
    )
    return [(row.id, row.name, f"/authors/{quote(row.username)}") for row in found]


_FINDING: Mapping[Thing, Callable[[Collection[int]], _Found]] = {
    Thing.ARTICLE: _articles,
    Thing.QUESTION: _questions,
    Thing.TAG: _tags,
    Thing.CARD: _cards,
    Thing.AUTHOR: _authors,
}
