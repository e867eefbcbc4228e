"""The one home of passwords: argon2id hashes, and which passwords are refused.

Nothing here reads a setting or the database: the cost is a fact that the caller brings.
"""

from __future__ import annotations

import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.domains.accounts.errors import WeakPassword
from app.domains.accounts.guessable import is_guessable

SHORTEST = 8
"""ASVS 5.0, 6.2.1. Length is what counts, so no mixture of signs is asked for (6.2.5)."""
LONGEST = 1024
"""Characters; nothing shorter is ever cut off, and longer ones are refused unhashed."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: a crowd at the door waits for its turn instead of for memory."""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a password fits; `outdated` when its hash was made with other parameters."""

    fits: bool
    outdated: bool = False


def hash_password(password: str, cost: int) -> str:
    """The argon2id hash; `cost` is the number of passes over 64 MiB. Raises WeakPassword for a
    password that cannot be hashed at all (too long, half a character)."""
    data = _as_bytes(password)
    if data is None:
        raise WeakPassword("That password is too long or holds broken characters.")
    with _AT_ONCE:
        return _hasher(cost).hash(data)


def check(stored: str | None, password: str, *, cost: int) -> Check:
    """Compare a password with its hash. Where there is none, the same work is done against a
    decoy, so that an unknown account takes as long as a known one."""
    decoy = _decoy(cost)
    data = _as_bytes(password)
    if data is None:
        return Check(fits=False)
    hasher = _hasher(cost)
    try:
        with _AT_ONCE:
            hasher.verify(stored or decoy, data)
    except (VerifyMismatchError, InvalidHashError):
        return Check(fits=False)
    return Check(fits=stored is not None, outdated=hasher.check_needs_rehash(stored or decoy))


def refuse_weak(password: str, *personal: str) -> None:
    """Raise WeakPassword for what is short, long or easy to guess. `personal` are the texts that a
    guesser tries first: the person's name, username and address, the site's name."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"A password needs at least {SHORTEST} characters.")
    if _as_bytes(password) is None:
        raise WeakPassword("That password is too long or holds broken characters.")
    if is_guessable(unicodedata.normalize("NFC", password), personal):
        raise WeakPassword(
            "That password is among the first that a guesser tries. "
            "Three or four unrelated words make a good one."
        )


def generate() -> str:
    """A password for somebody else to change: 120 bits, twenty letters and digits."""
    return secrets.token_urlsafe(15)


def _as_bytes(password: str) -> bytes | None:
    """The same bytes however the keyboard composed its accents; None for what is refused."""
    if len(password) > LONGEST:
        return None
    try:
        return unicodedata.normalize("NFC", password).encode()
    except UnicodeEncodeError:
        return None


@cache
def _hasher(cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=cost)


@cache
def _decoy(cost: int) -> str:
    return _hasher(cost).hash(secrets.token_bytes(16))
