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
    text = "\x1f".join([purpose, *map(str, parts)])
    secret = current_app.secret_key
    if not secret:
        raise RuntimeError("a private link needs SECRET_KEY")
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:40]


def same(given: str, wanted: str) -> bool:
    """Compare two keys in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
