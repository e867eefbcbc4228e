"""A published comment as everyone may see it, with its tags and what already answers it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from markupsafe import Markup
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
)

from app.domains.accounts.models import Account
from app.domains.answers.models import CardLink
from app.domains.answers.queries import LinkedCard, card_of
from app.domains.articles import queries as articles
from app.domains.articles.models import Article, article_path
from app.domains.articles.pointers import Pointer, pointers_for
from app.domains.comments import asked, policy, portraits
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.queries import is_answered, published
from app.domains.comments.states import Kind
from app.domains.tags.models import Tag
from app.engines.text.slug import UNTITLED, slugify
from app.infra import clock
from app.infra.db import UtcDateTime, rows_of

SHOWN_POINTERS = 4
CHAT_SHOWN = 600
"""Characters of HTML up to which chat stands unfolded in its thread, about six lines."""
_PART, _END = "\x1f", "\x1e"
"""Between what is told of a tag, and between tags; no name has them (`admit_line`)."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

TagFacts = tuple[int, str, str]
"""Of a tag that a question has: its id, slug and name."""


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """A card in the thread of a question; `others` is how many people beside the asker it
    answered."""

    card: LinkedCard
    others: int


class Shown(NamedTuple):
    """A published comment as everyone may see it: no address, no verdict, no private key.

    `account_id` is drawn nowhere; it tells the writer's own texts from the others'. `seed` is that
    of the writer's picture (`portraits.seed_of`)."""

    id: int
    account_id: int | None
    parent_id: int | None
    kind: str
    title: str
    slug: str
    author_name: str
    username: str | None
    badge: str | None
    html: Markup
    created_at: datetime
    edited_at: datetime | None
    answered: bool
    tags: tuple[tuple[str, str], ...]
    resources: tuple[Pointer, ...]
    cards: tuple[CardAnswer, ...] = ()
    seed: str | None = None

    @property
    def is_question(self) -> bool:
        return self.kind == Kind.QUESTION

    @property
    def canonical_card(self) -> LinkedCard | None:
        """The card whose page stands for this question's: the first that holds and is listed."""
        holding = (one.card for one in self.cards if one.card.helped is not False)
        return next((card for card in holding if not card.is_retired), None)

    @property
    def is_chat(self) -> bool:
        return self.kind == Kind.CHAT

    @property
    def is_long_chat(self) -> bool:
        """Whether the thread shows it folded."""
        return self.is_chat and len(self.html) > CHAT_SHOWN


def faces(
    *where: ColumnElement[bool],
    order: Sequence[Any] = (),
    limit: int | None = None,
    with_cards: bool = True,
) -> list[Shown]:
    """Published comments under visible articles, as everyone may see them; `where` names them by
    their ids, which is how they are looked up. Two queries, and three more for the cards that
    answer them, where there are some."""
    asked_for = _of_comments().where(*where).order_by(*order).limit(limit)
    return _shown(rows_of(asked_for, {"now": clock.now()}), with_cards=with_cards)


def faces_of(comment_ids: Collection[int], *, with_cards: bool = True) -> dict[int, Shown]:
    """The same by their ids, in no order."""
    if not comment_ids:
        return {}
    found = rows_of(_of_these(), {"now": clock.now(), "ids": list(comment_ids)})
    return {row.id: row for row in _shown(found, with_cards=with_cards)}


@cache
def _of_comments() -> Select[*tuple[Any, ...]]:
    """Put together once in each process, like `_of_these`."""
    return (
        select(
            Comment.id,
            Comment.account_id,
            Comment.parent_id,
            Comment.kind,
            Comment.title,
            Comment.author_name,
            Comment.by_author,
            Comment.html,
            Comment.created_at,
            Comment.edited_at,
            Account.role,
            Account.username,
            Article.slug.label("article_slug"),
            and_(Comment.kind == Kind.QUESTION, is_answered()).label("answered"),
            exists().where(CardLink.comment_id == Comment.id).label("has_card"),
            case((Comment.kind == Kind.QUESTION, tags_of_comment()), else_=None).label("tags"),
            Comment.address_id,
            Comment.by_proven,
        )
        .outerjoin(Account, Account.id == Comment.account_id)
        .join(Article, Article.id == Comment.article_id)
        .where(published(), articles.visible(bindparam("now", type_=UtcDateTime())))
        .with_hint(Comment, "NOT INDEXED", "sqlite")  # by their ids, not by their state
    )


@cache
def _of_these() -> Select[*tuple[Any, ...]]:
    return _of_comments().where(Comment.id.in_(_IDS))


def tags_of_comment() -> ColumnElement[str | None]:
    """The tags of a comment as one text (`tags_in` reads it), so that they cost no query."""
    by_hand = case((CommentTag.by_hand, "0"), else_="1")
    facts = by_hand + _PART + cast(Tag.id, String) + _PART + Tag.slug + _PART + Tag.name
    return (
        select(func.aggregate_strings(facts, _END))
        .join(CommentTag, CommentTag.tag_id == Tag.id)
        .where(CommentTag.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )


def tags_in(written: str | None) -> list[TagFacts]:
    """Those given by hand first, then by name."""
    if not written:
        return []
    parts = [one.split(_PART) for one in written.split(_END)]
    parts.sort(key=lambda part: (part[0], part[3]))
    return [(int(tag_id), slug, name) for _, tag_id, slug, name in parts]


def _shown(found: Sequence[Row[*tuple[Any, ...]]], *, with_cards: bool) -> list[Shown]:
    tags = {row.id: tags_in(row.tags) for row in found if row.tags}
    with_card = [row.id for row in found if row.has_card] if with_cards else []
    cards = card_answers(with_card) if with_card else {}
    behind = _pointers(tags, {row.id: row.article_slug for row in found if row.tags})
    return [_face(row, tags, behind, cards) for row in found]


def _face(
    row: Row[*tuple[Any, ...]],
    tags: dict[int, list[TagFacts]],
    behind: dict[int, tuple[Pointer, ...]],
    cards: dict[int, tuple[CardAnswer, ...]],
) -> Shown:
    """Of one row of `_of_comments`, whose columns come in its order: asked for by name, each costs
    a look-up."""
    number, account_id, parent_id, kind, title, name, by_author, html, *rest = row
    created_at, edited_at, role, username, _, answered, _, _, address_id, by_proven = rest
    return Shown(
        number,
        account_id,
        parent_id,
        kind,
        title,
        slugify(title) if title else UNTITLED,
        name,
        username if by_author else None,
        policy.badge(by_author=by_author, role=role),
        Markup(html),  # noqa: S704  (the sanitiser's output, stored as such)
        created_at,
        edited_at,
        bool(answered),
        tuple([(slug, tag) for _, slug, tag in tags[number]]) if number in tags else (),
        behind.get(number, ()),
        cards.get(number, ()),
        portraits.seed_of(account_id, address_id, name, by_proven=by_proven),
    )


def card_answers(question_ids: Collection[int]) -> dict[int, tuple[CardAnswer, ...]]:
    """The cards that answer each of these questions, which everyone may read."""
    linked = card_of(question_ids)
    people = asked.people({card.card_id for own in linked.values() for card in own})
    return {
        question_id: tuple(
            CardAnswer(card, max(people[card.card_id] - (card.helped is not False), 0))
            for card in own
        )
        for question_id, own in linked.items()
    }


def _pointers(
    tags: dict[int, list[TagFacts]], homes: dict[int, str]
) -> dict[int, tuple[Pointer, ...]]:
    """What already answers each question: things that share its tags, most shared first, but for
    the article (by its slug in `homes`) under which it was asked."""
    wanted = {comment_id: [tag_id for tag_id, _, _ in own] for comment_id, own in tags.items()}
    found = pointers_for(wanted, limit=SHOWN_POINTERS + 1)
    paths = {slug: article_path(slug) for slug in set(homes.values())}
    return {
        comment_id: _but(paths[homes[comment_id]], own)[:SHOWN_POINTERS]
        for comment_id, own in found.items()
    }


def _but(path: str, pointers: Sequence[Pointer]) -> tuple[Pointer, ...]:
    return tuple([one for one in pointers if one.href != path])
