"""The one home of passwords: argon2id hashes, and which passwords are refused.

Nothing here reads a setting or the database: the cost is a fact that the caller brings.
"""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.domains.accounts.errors import Crowded, WeakPassword
from app.domains.accounts.guessable import is_guessable
from app.infra.language import _

SHORTEST = 8
"""ASVS 5.0, 6.2.1. Length is what counts, so no mixture of signs is asked for (6.2.5)."""
LONGEST = 1024
"""Characters; nothing shorter is ever cut off, and longer ones are refused unhashed."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: a crowd at the door waits for its turn instead of for memory."""
_STRANGERS = threading.BoundedSemaphore(3)
_KNOWN = threading.BoundedSemaphore(2)
"""Who may stand at the door in each process, of those whose browser nobody knows and of those whose
browser was signed in before. Of the eight threads that serve, three are always left for whoever
reads, and guessers from ten thousand networks keep nobody out who was here before."""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a password fits; `outdated` when its hash was made with other parameters."""

    fits: bool
    outdated: bool = False


def hash_password(password: str, cost: int, *, is_known: bool = False) -> str:
    """The argon2id hash; `cost` is the number of passes over 64 MiB. Raises WeakPassword for a
    password that cannot be hashed at all (too long, half a character), Crowded."""
    data = _as_bytes(password)
    if data is None:
        raise WeakPassword(_("That password is too long or holds broken characters."))
    with _turn(is_known=is_known):
        return _hasher(cost).hash(data)


def check(
    stored: str | None,
    password: str,
    *,
    cost: int,
    decoy: str | None = None,
    is_known: bool = False,
) -> Check:
    """Compare a password with its hash. Where there is none, the same work is done against the
    `decoy` (`as_dear_as`; else one of the present cost), so that an unknown account takes as long
    as a known one. `is_known` where the browser was signed in to this account before. Raises
    Crowded."""
    decoy = decoy or _decoy(cost)
    data = _as_bytes(password)
    if data is None:
        return Check(fits=False)
    hasher = _hasher(cost)
    try:
        with _turn(is_known=is_known):
            hasher.verify(stored or decoy, data)
    except (VerifyMismatchError, InvalidHashError):
        return Check(fits=False)
    return Check(fits=stored is not None, outdated=hasher.check_needs_rehash(stored or decoy))


def as_dear_as(stored: str) -> str:
    """A hash that no password is known to fit, and that takes as long to compare as this one."""
    parameters = stored.rpartition("$")[0].rpartition("$")[0]
    salt, made = (base64.b64encode(secrets.token_bytes(size)) for size in (16, 32))
    return f"{parameters}${salt.decode().rstrip('=')}${made.decode().rstrip('=')}"


def refuse_weak(password: str, *personal: str) -> None:
    """Raise WeakPassword for what is short, long or easy to guess. `personal` are the texts that a
    guesser tries first: the person's name, username and address, the site's name."""
    if len(password) < SHORTEST:
        raise WeakPassword(_("A password needs at least %(number)s characters.", number=SHORTEST))
    if _as_bytes(password) is None:
        raise WeakPassword(_("That password is too long or holds broken characters."))
    if is_guessable(unicodedata.normalize("NFC", password), personal):
        raise WeakPassword(
            _(
                "That password is among the first that a guesser tries. "
                "Three or four unrelated words make a good one."
            )
        )


def generate() -> str:
    """A password for somebody else to change: 120 bits, twenty letters and digits."""
    return secrets.token_urlsafe(15)


@contextmanager
def _turn(*, is_known: bool) -> Iterator[None]:
    """Wait for one of the hashes that are made at once. Raises Crowded where too many wait."""
    door = _KNOWN if is_known else _STRANGERS
    if not door.acquire(blocking=False):
        raise Crowded
    try:
        with _AT_ONCE:
            yield
    finally:
        door.release()


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
