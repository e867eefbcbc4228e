"""Who may sit at the desk."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.measures.states import BINDS, MeasureKind


def may_moderate(account: Account | None) -> bool:
    return account is not None and account.is_staff and account.disabled_at is None


def sees_address(viewer: Account, *, on_person_page: bool) -> bool:
    """Whether somebody reads a sender's e-mail address in full. Admins do; others at the desk only
    on the person's own page, where they decide about that person, and see a mask elsewhere.
    Networks are stored shortened, so nobody sees more of them."""
    return may_moderate(viewer) and (viewer.is_admin or on_person_page)


def may_take(kind: MeasureKind, *, limited: bool) -> bool:
    """Whether somebody at the desk may take (or lift) this measure; `limited` to some sections,
    they may not bind the whole site."""
    return not (limited and kind in BINDS)
