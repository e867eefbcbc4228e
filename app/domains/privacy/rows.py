"""The rows that are somebody's, by the declaration: read for their copy, and changed when they are
erased."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Table,
    Update,
    and_,
    delete,
    or_,
    select,
    update,
)

from app.domains.accounts.models import MailedLink
from app.domains.comments.models import Comment
from app.domains.measures.models import Measure
from app.domains.measures.states import TOLD
from app.domains.privacy.declaration import DECLARED
from app.domains.privacy.persons import Person
from app.domains.privacy.terms import Names
from app.infra.db import Base, db
from app.infra.jobs import Job

AT_ONCE = 200
"""Rows that are read into memory together."""


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def copied() -> list[str]:
    """The tables of which a person gets rows."""
    return [name for name, table in DECLARED.items() if table.given and table.copied_by]


def of(person: Person, name: str) -> Iterator[Mapping[str, Any]]:
    """A person's rows of this table, with what they get of each, in the order of their keys."""
    declared, table = DECLARED[name], table_of(name)
    ways = [
        way
        for column in declared.copied_by
        if (way := _is(person, table, column, declared.theirs[column])) is not None
    ]
    if name == Job.__tablename__:
        ways = [mails_to(person.account_id, person.address_id)]
    if not ways:
        return
    wanted = [table.c[one] for one in declared.given.split()]
    asked = select(*wanted).where(or_(*ways), *_TO_BE_TOLD.get(name, ()))
    found = db.session.execute(
        asked.order_by(*table.primary_key.columns), execution_options={"yield_per": AT_ONCE}
    )
    for row in found.mappings():
        yield dict(row)


def texts(person: Person) -> ColumnElement[bool]:
    """What is known to be a person's: of an account, or sent as a guest where the address was
    proven. What only bears their address may be somebody else's."""
    as_guest = and_(
        Comment.account_id.is_(None), Comment.by_proven, Comment.address_id == person.address_id
    )
    if person.account_id is None:
        return as_guest
    own = Comment.account_id == person.account_id
    return own if person.address_id is None else or_(own, as_guest)


def _is(person: Person, table: Table, column: str, names: Names) -> ColumnElement[bool] | None:
    """None where this person has nothing by which a row could be theirs in this way."""
    if names == Names.TEXT:
        own: Select[int] = select(Comment.id).where(texts(person))
        return table.c[column].in_(own)
    if table.name == Comment.__tablename__:
        return texts(person)
    number = person.account_id if names == Names.ACCOUNT else person.address_id
    return None if number is None else table.c[column] == number


def mails_to(account_id: int | None, address_id: int | None) -> ColumnElement[bool]:
    """The mails to an account, an address or both, as jobs that wait, went or failed. No column
    says of all of them whom they are for: some name it in what they carry, some in their key."""
    ways: list[ColumnElement[bool]] = []
    if address_id is not None:
        ways += [
            Job.address_id == address_id,
            Job.payload["address_id"].as_integer() == address_id,
            Job.once_key.like(Job.kind + f":{address_id}:%"),
        ]
    if account_id is not None:
        links = select(MailedLink.id).where(MailedLink.account_id == account_id)
        ways += [
            Job.payload["account_id"].as_integer() == account_id,
            Job.payload["link_id"].as_integer().in_(links),
            Job.once_key.like(Job.kind + f":account {account_id}:%"),
        ]
    return and_(Job.kind.like("mail.%"), or_(*ways))


_TO_BE_TOLD = {Measure.__tablename__: (Measure.kind.in_(TOLD),)}
"""Notes among moderators are theirs."""


def erase(names: Names, values: Collection[int] | Collection[str]) -> None:
    """Do to all rows that one of these accounts, addresses, texts or names stands in what is
    declared of them. It goes through the session, so that pages and copied sessions hear of it."""
    for name, declared in DECLARED.items():
        table = table_of(name)
        for column, kind in declared.theirs.items():
            if kind != names or column not in declared.erased:
                continue
            new = declared.erased[column]
            statement: Update | Delete = update(table).values(**new) if new else delete(table)
            db.session.execute(statement.where(table.c[column].in_(values)))
