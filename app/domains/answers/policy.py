"""Who may write cards."""

from __future__ import annotations

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role


def may_write_cards(person: Account | None) -> bool:
    """A card speaks with the author's voice, whoever owns it; so authors share all of them."""
    return person is not None and person.role in (Role.AUTHOR, Role.ADMIN)


def may_own_cards(person: Account | None) -> bool:
    """Whether somebody is here to look after a card: who left, or writes no more, is not."""
    return may_write_cards(person) and person is not None and person.is_active
