"""Whose rows are meant: somebody with an account, or a guest by an address that they proved."""

from __future__ import annotations

from dataclasses import dataclass

from app.domains.accounts.models import Account
from app.domains.privacy.models import DataCopy


@dataclass(frozen=True, slots=True)
class Person:
    """`address_id` is None for an account that has not proven its address: what hangs on that may
    be somebody else's."""

    account_id: int | None
    address_id: int | None

    @property
    def is_guest(self) -> bool:
        return self.account_id is None


def of_account(account: Account) -> Person:
    return Person(account.id, account.address_id if account.is_proven else None)


def of_guest(address_id: int) -> Person:
    """Whoever has proven this address, and has no account with it."""
    return Person(None, address_id)


def of_copy(copy: DataCopy, account: Account | None) -> Person:
    """Whose copy this is, as they stand now; `account` is the copy's."""
    return of_account(account) if account is not None else Person(None, copy.address_id)
