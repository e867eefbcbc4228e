"""Finding people by what a moderator remembers of them: a name, or the beginning of an address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, false, func, literal_column, or_, select, text
from sqlalchemy.orm import aliased, lazyload

from app.domains.accounts.models import Account, Address
from app.domains.accounts.queries import email_key
from app.domains.comments.models import Comment
from app.domains.moderation.queue import sections
from app.infra.db import db, is_postgresql

MOST_FOUND = 30
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody a search came upon; `kind` and `id` name their page."""

    kind: str
    id: int
    name: str
    email: str
    proven: bool


def find_people(words: str, *, viewer: Account) -> list[Found]:
    """Those whose name, username or address begins so, or who wrote under such a name; each
    person once. Whoever is limited to sections finds only people with texts in them."""
    key = email_key(words.strip())
    if not key:
        return []
    tag_ids = sections.of(viewer)
    people: dict[tuple[str, int], Found] = {}
    for one in (
        *_with_address(key, tag_ids),
        *_with_account(key, tag_ids),
        *_wrote(words, tag_ids),
    ):
        people.setdefault((one.kind, one.id), one)
    return list(people.values())[:MOST_FOUND]


def _with_address(key: str, tag_ids: Collection[int] | None) -> Iterator[Found]:
    owner = aliased(Account)
    last_name = (
        select(Comment.author_name)
        .where(Comment.address_id == Address.id)
        .order_by(Comment.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(Address, owner, last_name)
        .outerjoin(owner, (owner.address_id == Address.id) & owner.proven_at.is_not(None))
        .where(
            Address.email_key.startswith(key, autoescape=True),
            *_has_text(Comment.address_id == Address.id, tag_ids),
        )
        .options(lazyload(owner.address))  # as it comes with each account, it would drop guests
        .order_by(Address.email_key)
        .limit(MOST_FOUND)
    )
    for address, account, name in db.session.execute(statement):
        yield _found(account, address, name or "")


def _with_account(key: str, tag_ids: Collection[int] | None) -> Iterator[Found]:
    statement = (
        select(Account)
        .where(
            or_(
                Account.name.istartswith(key, autoescape=True),
                Account.username.istartswith(key, autoescape=True),
            ),
            *_has_text(Comment.account_id == Account.id, tag_ids),
        )
        .order_by(Account.name, Account.id)
        .limit(MOST_FOUND)
    )
    for account in db.session.scalars(statement):
        yield _found(account, account.address, "")


def _wrote(words: str, tag_ids: Collection[int] | None) -> Iterator[Found]:
    """Guests who wrote under a name with these words, the last one perhaps only begun."""
    owner = aliased(Account)
    statement: Select[Address, Account, str] = (
        select(Address, owner, func.max(Comment.author_name))
        .select_from(Comment)
        .join(Address, Address.id == Comment.address_id)
        .outerjoin(owner, (owner.address_id == Address.id) & owner.proven_at.is_not(None))
        .where(
            Comment.account_id.is_(None),
            _named(_WORD.findall(words)),
            *([] if tag_ids is None else [sections.within(tag_ids)]),
        )
        .options(lazyload(owner.address))
        .group_by(Address.id, owner.id)
        .order_by(func.max(Comment.id).desc())
        .limit(MOST_FOUND)
    )
    for address, account, name in db.session.execute(statement):
        yield _found(account, address, name)


def _named(words: list[str]) -> ColumnElement[bool]:
    """Restricts comments to those whose author's name has these words, by the desk's own index."""
    if not words:
        return false()
    if is_postgresql():
        wanted = " & ".join([f"'{word}'" for word in words[:-1]] + [f"'{words[-1]}':*"])
        query = func.to_tsquery("simple", wanted)
        indexed: ColumnElement[str] = literal_column("comment.search_text")
        name = func.to_tsvector("simple", Comment.author_name)
        return indexed.bool_op("@@")(query) & name.bool_op("@@")(query)
    wanted = "author_name : (" + " ".join(f'"{word}"' for word in words) + "*)"
    rows = text("SELECT rowid FROM desk_search_text WHERE desk_search_text MATCH :wanted")
    return Comment.id.in_(rows.bindparams(wanted=wanted).columns(literal_column("rowid")))


def _has_text(
    theirs: ColumnElement[bool], tag_ids: Collection[int] | None
) -> list[ColumnElement[bool]]:
    return [] if tag_ids is None else [exists().where(theirs, sections.within(tag_ids))]


def _found(account: Account | None, address: Address, name: str) -> Found:
    if account is not None:
        return Found("account", account.id, account.name, account.address.email, account.is_proven)
    return Found("address", address.id, name, address.email, address.is_proven)
