"""Who may sit at the desk."""

from __future__ import annotations

from app.domains.accounts.models import Account


def may_moderate(account: Account | None) -> bool:
    return account is not None and account.is_staff and account.disabled_at is None
