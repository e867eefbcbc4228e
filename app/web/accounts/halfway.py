"""The state between the two steps: who has shown a password or a mailed link in this browser, and
has yet to pass the second step.

It stands in the signed cookie, signs nobody in, and ends after ten minutes, with a new password or
address, and with the way that it waits for.
"""

from __future__ import annotations

from datetime import timedelta

from flask import session

from app.domains.accounts.models import Account
from app.domains.accounts.policy import CLOCK_SLACK
from app.infra import clock, tokens
from app.infra.db import db

LIFE = timedelta(minutes=10)
_KEPT = "halfway"
_PURPOSE = "second step"


def begin(account: Account, wanted: str | None) -> None:
    """The first step is done; `wanted` is the path of this site to go to after the second."""
    at = int(clock.now().timestamp())
    key = tokens.private_key(_PURPOSE, *_named(account, at))
    session[_KEPT] = [account.id, at, key, wanted or ""]


def waiting() -> Account | None:
    """Who has done the first step here, and not too long ago."""
    match session.get(_KEPT):
        case [int(account_id), int(at), str(key), str()]:
            account = db.session.get(Account, account_id)
        case _:
            return None
    age = clock.now().timestamp() - at
    if account is None or not account.is_active or not account.has_second_step:
        return None
    if not -CLOCK_SLACK.total_seconds() <= age <= LIFE.total_seconds():
        return None
    return account if tokens.opens(key, _PURPOSE, *_named(account, at)) else None


def wanted() -> str:
    """The path that was wanted when the first step was done; empty for none."""
    match session.get(_KEPT):
        case [int(), int(), str(), str(path)]:
            return path
    return ""


def _named(account: Account, at: int) -> tuple[str | int, ...]:
    """What ends it by becoming another."""
    since = account.factor_since.isoformat() if account.factor_since else ""
    nonces = account.device_nonce or "", account.address.nonce
    return account.id, at, account.password_hash or "", *nonces, since
