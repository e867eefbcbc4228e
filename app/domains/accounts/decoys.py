"""What a name that nobody has costs at the door.

A hash costs what it was made with, and is made anew when its owner signs in: after PASSWORD_COST
was changed, a site has cheap and dear ones for years. If unknown names all cost the same, the time
of an answer would tell some of the known ones. So each borrows the cost of some account, of any as
likely as of any other, and always of the same: names that nobody has are as mixed as those of
people, and change their cost as rarely.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.domains.accounts import passwords, queries
from app.domains.accounts.models import Account
from app.engines import steady_choice
from app.infra import tokens
from app.infra.db import db


def decoy_for(login: str) -> str | None:
    """A hash that nothing fits, as dear as that of some account; None where none has a password.
    The same statements whoever's the login is, or nobody's."""
    highest = db.session.scalar(select(func.max(Account.id))) or 1
    key = int(tokens.private_key("decoy", queries.login_key(login)), 16)
    place = 1 + steady_choice.place(key, highest)
    lent = (
        select(Account.password_hash)
        .where(Account.id <= place, Account.password_hash.is_not(None))
        .order_by(Account.id.desc())
        .limit(1)
    )
    stored = db.session.scalar(lent)
    return passwords.as_dear_as(stored) if stored else None
