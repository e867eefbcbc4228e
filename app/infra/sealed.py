"""Small secrets that the program must read again, encrypted where they are stored.

AES-256-GCM with a key made from the site's secret and the purpose; what a text belongs to is bound
to it, so that a row's sealed text opens in no other row. The last secret seals, any of them opens
(`tokens.signing_secrets`); once an earlier one is taken no more, what it sealed stays shut.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.infra import tokens

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Opened:
    """`is_outdated`: sealed with an earlier secret, and best sealed anew."""

    text: str
    is_outdated: bool


def seal(text: str, purpose: str, *parts: str | int) -> str:
    """The text for a row or a form, in letters that both take."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    secret = tokens.signing_secrets()[-1]
    sealed = _cipher(secret, purpose).encrypt(nonce, text.encode(), _bound(parts))
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, purpose: str, *parts: str | int) -> Opened | None:
    """What was sealed for this purpose and these parts; None for anything else."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (see _cipher)

    try:
        given = base64.urlsafe_b64decode(sealed.encode("ascii"))
    except (binascii.Error, UnicodeEncodeError):
        return None
    nonce, body = given[:NONCE_BYTES], given[NONCE_BYTES:]
    if len(nonce) < NONCE_BYTES:
        return None
    for age, secret in enumerate(reversed(tokens.signing_secrets())):
        try:
            text = _cipher(secret, purpose).decrypt(nonce, body, _bound(parts))
        except InvalidTag:
            continue
        return Opened(text.decode(), is_outdated=age > 0)
    return None


def _cipher(secret: str, purpose: str) -> AESGCM:
    """Imported when the first text is sealed: it takes ten megabytes, and few requests need it."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(hmac.digest(secret.encode(), f"sealed\x1f{purpose}".encode(), hashlib.sha256))


def _bound(parts: tuple[str | int, ...]) -> bytes:
    return "\x1f".join(map(str, parts)).encode()
