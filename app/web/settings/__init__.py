"""What an admin changes in the browser. One guard for all of it."""

from dataclasses import dataclass

from flask import Blueprint

from app.domains.accounts.models import Account
from app.web.accounts.again import needs_fresh_proof_to_change
from app.web.guards import guard

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


def may_change(person: Account) -> bool:
    return person.is_admin


guard(blueprint, may_change)
needs_fresh_proof_to_change(blueprint)


@dataclass(frozen=True, slots=True)
class Door:
    """A page of the settings as the list of them names it."""

    endpoint: str
    title: str
    sentence: str


DOORS: list[Door] = []
"""Each page adds its own where it registers its views."""

from app.web.settings import (  # noqa: E402  (they register on it)
    index,
    intake,
    language,
    mails,
    moderators,
    openness,
    privacy,
    reasons,
    red_flag,
    replies,
    reports,
)

__all__ = [
    "DOORS",
    "Door",
    "blueprint",
    "index",
    "intake",
    "language",
    "mails",
    "may_change",
    "moderators",
    "openness",
    "privacy",
    "reasons",
    "red_flag",
    "replies",
    "reports",
]
