"""Names that people go by: which nobody may take, and how one's own is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts import queries
from app.domains.accounts.errors import MixedAlphabets, NamedTooOften, NameTaken
from app.domains.accounts.models import Account, AccountName
from app.engines.spam.scripts import mixes_alphabets
from app.infra import audit, clock, locks
from app.infra.db import db

MONTH = timedelta(days=30)
CHANGES_A_MONTH = 3


def refuse_for_reader(name: str) -> None:
    """Raises NameTaken, also for names that look like staff, and MixedAlphabets."""
    if queries.name_looks_like_staff(name) or queries.name_is_taken(name):
        raise NameTaken
    refuse_unreadable(name)


def refuse_unreadable(name: str) -> None:
    """Raises MixedAlphabets for a name whose letters only look like one word."""
    if mixes_alphabets(name):
        raise MixedAlphabets


def rename(account: Account, name: str) -> None:
    """Give an account another name, and keep the one it had. What was written before stays under
    the name it was written under. The former name is nobody else's for a month.

    Raises NameTaken, MixedAlphabets, NamedTooOften.
    """
    locks.take([f"name of {account.id}"])
    if _is_anothers(account, name):
        raise NameTaken
    refuse_unreadable(name)
    if _changed_often(account):
        raise NamedTooOften
    old = account.name
    db.session.add(
        AccountName(account_id=account.id, old_name=old, new_name=name, old_key=account.name_key)
    )
    try:
        with db.session.begin_nested():
            account.name, account.name_key = name, queries.name_key(name)
    except IntegrityError as taken:  # somebody else took it in the same moment
        raise NameTaken from taken
    audit.write("rename", "account", account.id, by=account, detail={"before": old, "after": name})


def names_given_up(account: Account, *, limit: int = 20) -> Sequence[AccountName]:
    """The changes of an account's name, the latest first."""
    return db.session.scalars(
        select(AccountName)
        .where(AccountName.account_id == account.id)
        .order_by(AccountName.at.desc(), AccountName.id.desc())
        .limit(limit)
    ).all()


def _is_anothers(account: Account, name: str) -> bool:
    if queries.name_is_taken(name, by_other_than=account.id):
        return True
    return not account.is_staff and queries.name_looks_like_staff(name)


def _changed_often(account: Account) -> bool:
    lately = (
        select(AccountName.id)
        .where(AccountName.account_id == account.id, AccountName.at > clock.now() - MONTH)
        .limit(CHANGES_A_MONTH)
    )
    return len(db.session.scalars(lately).all()) == CHANGES_A_MONTH
