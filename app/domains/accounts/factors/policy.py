"""Who must have a second step, from the facts alone. `staff_must` is the site's setting."""

from __future__ import annotations

from app.domains.accounts.models import Account


def must_set_up(account: Account, *, staff_must: bool) -> bool:
    """Whether this account can do nothing else before it has a second step."""
    return staff_must and account.is_staff and not account.has_second_step


def may_take_away(account: Account, ways: int, *, staff_must: bool) -> bool:
    """Whether one of so many ways of the second step may go."""
    return ways > 1 or not (staff_must and account.is_staff)
