"""Tries counted against a limit, in the database, so that every process counts the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.domains.accounts import queries
from app.domains.accounts.models import Account, Address, SignInTry
from app.domains.accounts.policy import (
    MAILS_PER_ADDRESS,
    PER_ACCOUNT,
    PER_ACCOUNT_AND_NETWORK,
    PER_NETWORK,
    Limit,
    wait_for,
)
from app.infra import clock, locks, tokens
from app.infra.db import db

KEPT = timedelta(days=2)
"""Longer than any limit looks back; the daily upkeep forgets what is older."""


def sign_in_limits(login: str, network: str, *, is_known: bool = False) -> Mapping[str, Limit]:
    """The buckets that a try to sign in falls into. Counted is what was typed, be it somebody's or
    not: a lock tells nobody who is here, nor that a name and an address are the same account's, and
    who guesses at the name that everybody reads does not lock the address. Browsers that were
    signed in to the account before (`is_known`) are counted apart, so that strangers do not lock
    its owner out."""
    who = _login_bucket(login)
    if is_known:
        who = f"known:{who}"
    return {
        who: PER_ACCOUNT,
        f"network:{_short(network)}": PER_NETWORK,
        f"pair:{_short(who + network)}": PER_ACCOUNT_AND_NETWORK,
    }


def code_limits(account_id: int, network: str, *, is_known: bool = False) -> Mapping[str, Limit]:
    """The buckets that a code of the second step falls into: as narrow as those of passwords, and
    others, so that neither lifts the lock of the other."""
    who = f"known:code:{account_id}" if is_known else f"code:{account_id}"
    return {
        who: PER_ACCOUNT,
        f"code-network:{_short(network)}": PER_NETWORK,
        f"code-pair:{_short(who + network)}": PER_ACCOUNT_AND_NETWORK,
    }


def forget_logins(account: Account) -> None:
    """Lift the lock of whatever its owner may type to sign in."""
    logins = [_login_bucket(one) for one in (account.username, account.address.email)]
    db.session.execute(delete(SignInTry).where(SignInTry.bucket.in_(logins)))


def take_turns(limits: Mapping[str, Limit]) -> None:
    """Let others who count in these buckets wait until this transaction ends, so that a hundred
    tries at once are not all counted as the tenth."""
    locks.take(limits)


def longest_wait(limits: Mapping[str, Limit]) -> timedelta:
    """How long until a try fits all of these limits; zero when it fits now."""
    now = clock.now()
    waits = [wait_for(_times(bucket, limit), limit, now) for bucket, limit in limits.items()]
    return max(waits, default=timedelta(0))


def count_if_it_fits(limits: Mapping[str, Limit]) -> bool:
    """Whether one more try fits all of these limits; it is counted where it does."""
    if longest_wait(limits):
        return False
    count([*limits])
    return True


def count(buckets: Sequence[str]) -> list[int]:
    """Count one try in each bucket, and return the new rows' ids."""
    rows = [SignInTry(bucket=bucket) for bucket in buckets]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def take_back(ids: Sequence[int]) -> None:
    """Forget the tries with these ids, and no others."""
    db.session.execute(delete(SignInTry).where(SignInTry.id.in_(ids)))


def may_mail(address: Address) -> bool:
    """Whether a stranger may have one more mail sent to this address today; counts it."""
    limits = {f"mail:{address.id}": MAILS_PER_ADDRESS}
    take_turns(limits)
    return count_if_it_fits(limits)


def _times(bucket: str, limit: Limit) -> list[datetime]:
    since = clock.now() - limit.within
    return list(
        db.session.scalars(
            select(SignInTry.at).where(SignInTry.bucket == bucket, SignInTry.at > since)
        )
    )


def _login_bucket(login: str) -> str:
    return f"login:{_short(queries.login_key(login))}"


def _short(text: str) -> str:
    return tokens.fingerprint(text)[:40]
