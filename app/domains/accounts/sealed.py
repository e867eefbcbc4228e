"""Addresses of which only a key is kept, since a measure binds whoever has them: the owner was
erased, and nobody can tell the address from the row. Typed again, it is that row's once more. And
rows that are nobody's any more.
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


def empty(address: Address) -> None:
    """Keep the number alone. The row stays since browsers remember whose link was opened there by
    that number, and SQLite would give it to the next who comes."""
    address.email, address.email_key = EMAIL, f"empty:{address.id}"
    address.proven_at, address.nonce = None, tokens.new_nonce()


def keys_of(email_key: str) -> list[str]:
    """Under what a row of this address may stand: its own key, or a sealed one."""
    return [email_key, *(f"sealed:{key}" for key in tokens.private_keys(_PURPOSE, email_key))]


def unseal(address_id: int, email: str, email_key: str) -> None:
    """Give a sealed row its address back: somebody typed it."""
    db.session.execute(
        update(Address)
        .where(Address.id == address_id)
        .values(email=email.strip(), email_key=email_key),
        execution_options={"synchronize_session": "fetch"},
    )
