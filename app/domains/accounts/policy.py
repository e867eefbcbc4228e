"""Rules about accounts that need nothing but the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role


@dataclass(frozen=True, slots=True)
class Limit:
    """At most this many tries within this time."""

    tries: int
    within: timedelta


CLOCK_SLACK = timedelta(minutes=5)
"""How far apart the clocks of two machines of one site may be."""
PER_ACCOUNT = Limit(10, timedelta(minutes=5))
PER_NETWORK = Limit(10, timedelta(minutes=5))
PER_ACCOUNT_AND_NETWORK = Limit(20, timedelta(hours=1))
"""One network can hold an account locked for two windows an hour, ten minutes, and no longer."""
MAILS_PER_ADDRESS = Limit(5, timedelta(days=1))
"""Mails that a stranger can make the site send to one address (security.md S15)."""

GUESSES_TOLD = Limit(1, timedelta(days=1))
"""Mails about wrong codes; with each, somebody knew the password or reads the mail already."""

NEW_DEVICE_MAILS = Limit(10, timedelta(days=1))
"""Mails about new browsers of one account; with each, somebody knew how to sign in."""


def wait_for(tries: Sequence[datetime], limit: Limit, now: datetime) -> timedelta:
    """How long until the next try fits the limit; zero when it fits now.

    Tries from the future, left by a clock that was set back, do not count, so that no lock is
    ever longer than its window.
    """
    recent = sorted(at for at in tries if now - limit.within < at <= now)
    if len(recent) < limit.tries:
        return timedelta(0)
    return recent[-limit.tries] + limit.within - now


def is_fresh(
    proven: float, active: float, now: float, *, idle: timedelta, longest: timedelta
) -> bool:
    """Whether a proof still holds that was given at `proven`, with the last request at `active`, in
    seconds since 1970. One from the future, left by a clock that was set back, does not."""
    slack = CLOCK_SLACK.total_seconds()
    if proven > now + slack or active > now + slack:
        return False
    return now - active <= idle.total_seconds() and now - proven <= longest.total_seconds()


def has_public_page(account: Account) -> bool:
    """Whether readers find a page about this person, and so whether a bio is of use."""
    return account.role in (Role.AUTHOR, Role.ADMIN)
