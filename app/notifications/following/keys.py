"""The keys of links in mails to followers."""

from __future__ import annotations

from datetime import timedelta

from app.domains.accounts.models import Address
from app.infra import clock, tokens
from app.notifications.following.states import Often

CONFIRM_LIFE = timedelta(days=7)
PAGE = "following"
"""What the key of the page with all that somebody follows is made for."""
ENDING = "follow"
"""How the topic of a link that ends following begins."""


def confirming(address: Address, name: str, often: Often) -> str:
    """The key of the link by which an address begins to follow something: good for a week. It
    proves nothing else, so that it may be used again."""
    issued = f"{int(clock.now().timestamp()):x}"
    return f"{issued}-{_confirming(address, name, often, issued)}"


def confirms(key: str, address: Address, name: str, often: Often) -> bool:
    """Whether somebody came with that key while it is good."""
    issued, _, proof = key.partition("-")
    if not tokens.opens(proof, *_named(address, name, often, issued)):
        return False
    age = clock.now().timestamp() - int(issued, 16)
    return age <= CONFIRM_LIFE.total_seconds()


def ending_topic(name: str | None) -> str:
    """The topic of a link that ends following one thing, or all of them."""
    return f"{ENDING}-{name}" if name is not None else ENDING


def _confirming(address: Address, name: str, often: Often, issued: str) -> str:
    return tokens.private_key(*_named(address, name, often, issued))


def _named(address: Address, name: str, often: Often, issued: str) -> tuple[str, ...]:
    return "follow", str(address.id), address.email_key, name, str(often), issued
