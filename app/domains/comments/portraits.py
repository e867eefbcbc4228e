"""Whose picture stands beside a text: made of who wrote it, never of an address that was typed."""

from __future__ import annotations

from app.engines.pictures import SEED_DIGITS
from app.engines.text.names import skeleton
from app.infra import tokens


def seed_of(
    account_id: int | None, address_id: int | None, name: str, *, by_proven: bool
) -> str | None:
    """The seed of a writer's picture; None for a guest whose address nobody proved, since anybody
    can type a name and an address.

    An HMAC with the site's secret, so that it leads back to nobody. The name is in it: readers are
    not shown that two names are one person's.
    """
    if account_id is not None:
        return _seed("account", account_id, name)
    if by_proven and address_id is not None:
        return _seed("address", address_id, name)
    return None


def _seed(kind: str, number: int, name: str) -> str:
    return tokens.private_key("picture", kind, number, skeleton(name))[:SEED_DIGITS]
