"""The person behind texts: one account, one address, or both where the account's owner has proven
that the address is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.domains.accounts.models import Account, Address
from app.domains.comments.models import Comment
from app.domains.moderation.queue import sections
from app.infra.db import db


@dataclass(frozen=True, slots=True)
class Person:
    """`address` is set where guests' texts with it count as theirs: it is the person, or the
    account's own and proven by the account's owner."""

    account: Account | None
    address: Address | None

    @property
    def kind(self) -> str:
        """`account` or `address`: with `id`, the one name of this person's page."""
        return "account" if self.account else "address"

    @property
    def id(self) -> int:
        return (self.account or self._address).id

    @property
    def email_address(self) -> Address:
        """The address behind them, be it only claimed by their account."""
        return self.account.address if self.account else self._address

    @property
    def is_proven(self) -> bool:
        return self.account.is_proven if self.account else self._address.is_proven

    @property
    def is_staff(self) -> bool:
        return self.account is not None and self.account.is_staff

    @property
    def _address(self) -> Address:
        if self.address is None:
            raise ValueError("a person has an account or an address")
        return self.address


def find_of_account(account_id: int) -> Person | None:
    account = db.session.get(Account, account_id)
    if account is None:
        return None
    return Person(account, account.address if account.is_proven else None)


def find_of_address(address_id: int) -> Person | None:
    """Whoever is behind an address: its owner's account where that proved it, else a guest."""
    address = db.session.get(Address, address_id)
    if address is None:
        return None
    owner = db.session.scalar(
        select(Account).where(Account.address_id == address_id, Account.proven_at.is_not(None))
    )
    return Person(owner, address)


def wrote(person: Person) -> ColumnElement[bool]:
    """Restricts comments to those of this person."""
    ways: list[ColumnElement[bool]] = []
    if person.account is not None:
        ways.append(Comment.account_id == person.account.id)
    if person.address is not None:
        ways.append(and_(Comment.address_id == person.address.id, Comment.account_id.is_(None)))
    return or_(*ways)


def may_look_at(viewer: Account, person: Person) -> bool:
    """Whether this moderator may see who this is: whoever is limited to sections needs a text of
    theirs in one of them."""
    tag_ids = sections.of(viewer)
    if tag_ids is None:
        return True
    theirs = exists().where(wrote(person), sections.within(tag_ids))
    return bool(db.session.scalar(select(theirs)))
