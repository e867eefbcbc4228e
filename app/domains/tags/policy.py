"""Who may change the tags."""

from __future__ import annotations

from app.domains.accounts.models import Account


def may_edit_tags(person: Account | None) -> bool:
    """Moderators too: they are the first to read the words in which readers say it."""
    return person is not None and person.is_staff
