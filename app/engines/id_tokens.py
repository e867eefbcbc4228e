"""ID tokens: what an OpenID provider says of somebody, believed only where the signature, issuer,
audience, time and nonce are right.

Imported only where a site has a provider: what checks signatures takes time and memory to import.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

ALGORITHMS = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
}
"""The signatures that are believed, each with its kind of key. None that is made with a secret we
share: a public key, taken for such a secret, would let anybody sign."""
LEEWAY_SECONDS = 120
"""How far apart the provider's clock and ours may be."""
SHORTEST_RSA = 2048
MOST_KEYS = 20
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2
LONGEST_EMAIL = 254  # RFC 5321
LONGEST_NAME = 200
_KINDS: Mapping[str, type[RSAKey | ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_UNREADABLE = (
    *(JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError),
    OverflowError,  # JSON's 1e999, which is read as infinite
)


class BadIdToken(Exception):
    """A token that is not believed. The text says why, for the operator's log; it holds nothing of
    the token."""


class UnknownKey(BadIdToken):
    """None of the provider's keys made the signature. It may have new ones."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the token must be: from whom, for whom, in answer to which request."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider says. `email` is empty unless the provider says that it was verified;
    `shown_at` is when the person last showed who they are, in seconds since 1970, where it says."""

    issuer: str
    subject: str
    email: str
    name: str
    shown_at: int | None


def read(token: str, keys: Sequence[Mapping[str, Any]], wanted: Wanted, *, now: int) -> Claims:
    """What a token says that one of these keys (public, as in a JWK set) signed. `now` is in
    seconds since 1970. Raises BadIdToken, UnknownKey."""
    try:
        header, claims = _verified(token, keys)
        told = CodeIDToken(
            claims,
            header,
            options={
                "iss": {"essential": True, "value": wanted.issuer},
                "aud": {"essential": True, "value": wanted.client_id},
                "exp": {"essential": True},
                "iat": {"essential": True},
                "nonce": {"essential": True, "value": wanted.nonce},
            },
            params={
                "nonce": wanted.nonce,
                "client_id": wanted.client_id,
                "access_token": wanted.access_token,
            },
        )
        told.validate(now=now, leeway=LEEWAY_SECONDS)
        return _as_claims(told)
    except _UNREADABLE as wrong:
        raise BadIdToken(f"the ID token is not right ({type(wrong).__name__})") from wrong


def _verified(token: str, keys: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], Any]:
    """The header and the claims of a token with a signature that is right."""
    registry = JWSRegistry(algorithms=[*ALGORITHMS], strict_check_header=False)
    parts = jws.extract_compact(token.encode(), registry=registry)
    header = parts.headers()
    kind = ALGORITHMS.get(header.get("alg", ""))
    if kind is None:
        raise BadIdToken("the ID token is signed in a way that is not believed")
    for key in _candidates(keys, kind, header.get("kid")):
        try:
            signed = jws.deserialize_compact(token, key, [*ALGORITHMS], registry)
        except JoseError:  # not by this key, or it is meant for something else
            continue
        return dict(header), _as_object(signed.payload)
    raise UnknownKey("no key of the provider fits the ID token's signature")


def _candidates(keys: Sequence[Mapping[str, Any]], kind: str, kid: object) -> list[RSAKey | ECKey]:
    """The keys that may have signed: of this kind and name, and not meant for encrypting. One that
    cannot be read, or is too short, is none."""
    found = []
    for given in keys[:MOST_KEYS]:
        fits = given.get("kty") == kind and given.get("use", "sig") == "sig"
        if not fits or (kid is not None and given.get("kid", kid) != kid):
            continue
        try:
            key = _KINDS[kind].import_key(dict(given))
        except _UNREADABLE:
            continue
        if kind != "RSA" or key.public_key.key_size >= SHORTEST_RSA:
            found.append(key)
    return found


def _as_object(payload: bytes) -> dict[str, Any]:
    claims = json.loads(payload, parse_constant=_refuse_constant)
    if not isinstance(claims, dict):
        raise BadIdToken("the ID token holds no claims")
    return claims


def _refuse_constant(constant: str) -> None:
    """No time is infinite, and none is no number."""
    raise ValueError(constant)


def _as_claims(told: Mapping[str, Any]) -> Claims:
    subject = told["sub"]
    is_name = 0 < len(subject) <= LONGEST_SUBJECT and subject.isascii() and subject.isprintable()
    if not is_name:
        raise BadIdToken("the ID token names nobody that could be kept")
    shown_at = told.get("auth_time")
    return Claims(
        issuer=told["iss"],
        subject=subject,
        email=_text(told, "email", LONGEST_EMAIL) if told.get("email_verified") is True else "",
        name=_text(told, "name", LONGEST_NAME) or _text(told, "preferred_username", LONGEST_NAME),
        shown_at=int(shown_at) if isinstance(shown_at, int | float) else None,
    )


def _text(told: Mapping[str, Any], name: str, most: int) -> str:
    """A claim that is a text of a bearable length; empty where it is none."""
    value = told.get(name, "")
    return value if isinstance(value, str) and len(value) <= most else ""
