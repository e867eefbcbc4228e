"""Addresses of which only a key is kept, since a measure binds whoever has them: the owner was
erased, and nobody can tell the address from the row. Typed again, it is that row's once more.
"""

from __future__ import annotations

from sqlalchemy import update

from app.domains.accounts.models import Address
from app.infra import tokens
from app.infra.db import db

EMAIL = "erased"
_PURPOSE = "sealed address"


def key_of(email_key: str) -> str:
    """What stands in the place of an address's key."""
    return f"sealed:{tokens.private_key(_PURPOSE, email_key)}"


def seal(address: Address) -> None:
    """Keep nothing of an address but that it is known again."""
    address.email, address.email_key = EMAIL, key_of(address.email_key)
    address.proven_at, address.nonce = None, tokens.new_nonce()


def unseal(email: str, email_key: str) -> None:
    """Give the sealed row of this address its address back, if there is one: somebody typed it."""
    sealed = [f"sealed:{key}" for key in tokens.private_keys(_PURPOSE, email_key)]
    db.session.execute(
        update(Address)
        .where(Address.email_key.in_(sealed))
        .values(email=email.strip(), email_key=email_key),
        execution_options={"synchronize_session": False},
    )
