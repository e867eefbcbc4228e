"""Reading what an account has for the second step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.domains.accounts.factors.models import AuthenticatorApp, Passkey, RecoveryCode
from app.domains.accounts.models import Account
from app.infra.db import db

MOST_PASSKEYS = 20
CODES = 10


def app_of(account: Account) -> AuthenticatorApp | None:
    return db.session.get(AuthenticatorApp, account.id)


def passkeys_of(account: Account) -> Sequence[Passkey]:
    """In the order in which they were registered."""
    return db.session.scalars(
        select(Passkey)
        .where(Passkey.account_id == account.id)
        .order_by(Passkey.id)
        .limit(MOST_PASSKEYS)
    ).all()


def codes_left(account: Account) -> int:
    """How many of the codes on paper are unused."""
    unused = select(RecoveryCode.id).where(
        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)
    )
    return len(db.session.scalars(unused.limit(CODES)).all())
