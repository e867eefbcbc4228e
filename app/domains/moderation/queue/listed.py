"""A text as a list of the desk draws it: values in the place of a row and of what it leads to.

Loading twenty comments with their articles, parents, accounts and addresses as objects of the
session costs ten times what reading the same columns does, and a list changes none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Subquery, bindparam, cast, func, select
from sqlalchemy.types import String

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import STAFF
from app.domains.articles.models import Article
from app.domains.comments.models import Comment, CommentTag
from app.domains.comments.states import Kind, Status
from app.domains.moderation.models import Opening
from app.infra.db import alias_of

SEPARATOR = "\n"
"""Stands in no name."""


@dataclass(frozen=True, slots=True)
class Under:
    """The article a text stands under."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """The text it replies to."""

    author_name: str
    html: str


@dataclass(frozen=True, slots=True)
class Writer:
    """The account it was written with."""

    username: str
    role: str
    proven_at: datetime | None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None


@dataclass(frozen=True, slots=True)
class SentFrom:
    """The address it was sent from."""

    email: str
    proven_at: datetime | None

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Whom it is held for."""

    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The columns of a comment that the desk draws or sorts by, under their own names, and what it
    leads to. `run` is the run of the list that it stands in, `tag_ids` are those of its tags,
    `opened` the names of the others who have it open."""

    id: int
    version: int
    kind: str
    status: str
    title: str
    html: str
    author_name: str
    created_at: datetime
    decided_at: datetime | None
    reported_at: datetime | None
    recheck_at: datetime | None
    recheck_reason: str
    report_weight: int
    account_id: int | None
    address_id: int | None
    article_id: int
    parent_id: int | None
    held_for_id: int | None
    held_note: str
    network: str | None
    verdict: dict[str, Any]
    certainty: float
    people_waiting: int
    red_flag: bool
    forgotten_at: datetime | None
    run: int
    tag_ids: tuple[int, ...]
    opened: tuple[str, ...]
    article: Under
    parent: Quoted | None
    account: Writer | None
    address: SentFrom | None
    held_for: Colleague | None

    @property
    def is_published(self) -> bool:
        return self.status == Status.APPROVED

    @property
    def is_question(self) -> bool:
        return self.kind == Kind.QUESTION


_OWN = (
    *(Comment.id, Comment.version, Comment.kind, Comment.status, Comment.title, Comment.html),
    *(Comment.author_name, Comment.created_at, Comment.decided_at, Comment.reported_at),
    *(Comment.recheck_at, Comment.recheck_reason, Comment.report_weight, Comment.account_id),
    *(Comment.address_id, Comment.article_id, Comment.parent_id, Comment.held_for_id),
    *(Comment.held_note, Comment.network, Comment.verdict, Comment.certainty),
    *(Comment.people_waiting, Comment.red_flag, Comment.forgotten_at),
)
"""In the order of `Listed`."""
_parent, _colleague = alias_of(Comment), alias_of(Account)


def statement(chosen: Subquery) -> Select[*tuple[Any, ...]]:
    """The texts with the ids and runs in `chosen`, in no order. Takes two parameters: `viewer`, an
    account's id, and `fresh`, since when a text that somebody opened counts as open."""
    tag_ids = (
        select(func.aggregate_strings(cast(CommentTag.tag_id, String), ","))
        .where(CommentTag.comment_id == Comment.id)
        .scalar_subquery()
    )
    opened = (
        select(func.aggregate_strings(Account.name, SEPARATOR))
        .join(Opening, Opening.account_id == Account.id)
        .where(Opening.comment_id == Comment.id, Opening.at > bindparam("fresh"))
        .where(Account.id != bindparam("viewer"))
        .scalar_subquery()
    )
    return (
        select(
            *_OWN,
            *(chosen.c.run, tag_ids.label("tag_ids"), opened.label("opened")),
            *(Article.slug, Article.title),
            *(_parent.author_name, _parent.html),
            *(Account.username, Account.role, Account.proven_at),
            *(Address.email, Address.proven_at),
            _colleague.name,
        )
        .join(chosen, chosen.c.id == Comment.id)
        .join(Article, Article.id == Comment.article_id)
        .outerjoin(_parent, _parent.id == Comment.parent_id)
        .outerjoin(Account, Account.id == Comment.account_id)
        .outerjoin(Address, Address.id == Comment.address_id)
        .outerjoin(_colleague, _colleague.id == Comment.held_for_id)
    )


def read(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Listed]:
    """The texts out of the rows of `statement`."""
    return [_read(tuple(row)) for row in rows]


def _read(row: tuple[Any, ...]) -> Listed:
    own = row[: len(_OWN)]
    run, tag_ids, opened, slug, title, *others = row[len(_OWN) :]
    quoted, html, username, role, account_proven, email, address_proven, colleague = others
    led_to: tuple[Any, ...] = (
        Under(slug, title),
        None if html is None else Quoted(quoted, html),
        None if username is None else Writer(username, role, account_proven),
        None if email is None else SentFrom(email, address_proven),
        None if colleague is None else Colleague(colleague),
    )
    ids = tuple(map(int, tag_ids.split(","))) if tag_ids else ()
    names = tuple(opened.split(SEPARATOR)) if opened else ()
    values: tuple[Any, ...] = (*own, run, ids, names, *led_to)
    return Listed(*values)
