"""Ten codes on paper, each good once, for who has lost the app and every passkey."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, select, update

from app.domains.accounts.factors.errors import WrongCode
from app.domains.accounts.factors.models import RecoveryCode
from app.domains.accounts.factors.queries import CODES
from app.domains.accounts.models import Account
from app.engines import one_time_codes
from app.infra import clock, tokens
from app.infra.db import db

BITS = 80


def has_any(account: Account) -> bool:
    """Whether codes were made, used ones included."""
    made = select(RecoveryCode.id).where(RecoveryCode.account_id == account.id)
    return db.session.scalar(made.limit(1)) is not None


def replace(account: Account) -> list[str]:
    """New codes in place of all that there were, in the only words that they are ever known by."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [one_time_codes.on_paper(secrets.randbits(BITS)) for _ in range(CODES)]
    db.session.add_all(
        RecoveryCode(account_id=account.id, fingerprint=_fingerprint(account, code))
        for code in codes
    )
    db.session.flush()
    return codes


def use(account: Account, code: str) -> None:
    """Use a code up. Raises WrongCode, also where somebody does at the same moment."""
    wanted = _fingerprint(account, code)
    unused = (
        RecoveryCode.account_id == account.id,
        RecoveryCode.fingerprint == wanted,
        RecoveryCode.used_at.is_(None),
    )
    using = update(RecoveryCode).where(*unused).values(used_at=clock.now())
    if db.session.scalar(using.returning(RecoveryCode.id)) is None:
        raise WrongCode


def _fingerprint(account: Account, code: str) -> str:
    """Raises WrongCode for what can be no such code."""
    read = one_time_codes.from_paper(one_time_codes.tidy(code))
    if read is None:
        raise WrongCode
    return tokens.fingerprint(f"{account.id} {read}")
