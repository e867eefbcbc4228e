"""Private links: unguessable, bound to a purpose, and never stored in the open."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app

NONCE_BYTES = 16  # 128 bits, what ASVS 5.0 asks of a token


def new_nonce() -> str:
    return secrets.token_urlsafe(NONCE_BYTES)


def new_secret() -> str:
    """A single-use secret of 256 bits for a mailed link; only `fingerprint` of it is stored."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a secret: its SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def private_key(purpose: str, *parts: str | int) -> str:
    """A key that can be made again from the row it opens, and not without the site's secret.

    Forty hexadecimal digits (160 bits) of an HMAC over the purpose and the parts.
    """
    return _keyed(signing_secrets()[-1], purpose, parts)


def opens(given: str, purpose: str, *parts: str | int) -> bool:
    """Whether somebody came with the private key of this purpose and these parts, made with the
    site's secret or with an earlier one that is still taken."""
    return any(same(given, _keyed(secret, purpose, parts)) for secret in signing_secrets())


def private_keys(purpose: str, *parts: str | int) -> list[str]:
    """The same with each of the site's secrets, to look for what any of them made."""
    return [_keyed(secret, purpose, parts) for secret in signing_secrets()]


def private_key_of(stored: str, purpose: str, *parts: str | int) -> str | None:
    """The private key of which `stored` is the fingerprint, made with whichever secret made it;
    None where none of them did."""
    keys = (_keyed(secret, purpose, parts) for secret in signing_secrets())
    return next((key for key in keys if same(fingerprint(key), stored)), None)


def signing_secrets() -> list[str]:
    """The site's secrets, the oldest first: the last one signs, what any of them signed is taken.

    Raises RuntimeError where the site has none."""
    secret = current_app.secret_key
    if not secret:
        raise RuntimeError("a private link needs SECRET_KEY")
    return [*map(str, current_app.config["SECRET_KEY_FALLBACKS"] or ()), str(secret)]


def _keyed(secret: str, purpose: str, parts: tuple[str | int, ...]) -> str:
    text = "\x1f".join([purpose, *map(str, parts)])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:40]


def same(given: str, wanted: str) -> bool:
    """Compare two keys in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
