"""What an ID token must be to be believed; each other token is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jws

from app.engines import id_tokens
from app.engines.id_tokens import BadIdToken, Claims, UnknownKey, Wanted
from tests.support.openid import ec_key, half_hash, public, rsa_key, signed

NOW = 1_772_530_200
ISSUER = "https://id.example.org"
KEYS = public(rsa_key(), ec_key())
WANTED = Wanted(ISSUER, "threshold", "the nonce", access_token="the access token")
GOOD: dict[str, Any] = {
    "iss": ISSUER,
    "sub": "ada-1",
    "aud": "threshold",
    "iat": NOW,
    "exp": NOW + 300,
    "nonce": "the nonce",
    "at_hash": half_hash("the access token"),
    "email": "ada@example.com",
    "email_verified": True,
    "name": "Ada Byron",
    "auth_time": NOW - 60,
}


def read(token: str, keys: list[dict[str, Any]] | None = None) -> Claims:
    return id_tokens.read(token, KEYS if keys is None else keys, WANTED, now=NOW)


def unsigned(claims: dict[str, Any]) -> str:
    return f"{spelled({'alg': 'none'})}.{spelled(claims)}."


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """As whoever takes the algorithm from the token would check it."""
    said = f"{spelled({'alg': 'HS256', 'kid': 'one'})}.{spelled(claims)}"
    mac = hmac.new(rsa_key().as_pem(private=False), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def spelled(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def touched(claims: dict[str, Any]) -> str:
    head, _body, tail = signed(claims).split(".")
    return ".".join((head, spelled({**claims, "sub": "eve"}), tail))


def test_a_token_signed_with_the_providers_key_is_believed() -> None:
    said = Claims(ISSUER, "ada-1", "ada@example.com", "Ada Byron", NOW - 60)
    for alg, key in (("RS256", rsa_key()), ("PS256", rsa_key()), ("ES256", ec_key())):
        assert read(signed(GOOD, alg, key)) == said


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(unsigned, id="alg none"),
        pytest.param(signed_with_the_public_key, id="the public key as a secret"),
        pytest.param(touched, id="other claims under the signature"),
        pytest.param(lambda claims: signed(claims, key=rsa_key("other")), id="another's key"),
        pytest.param(lambda _claims: "", id="nothing"),
        pytest.param(lambda _claims: "a.b.c", id="no token"),
        pytest.param(lambda claims: signed(claims) + ".more", id="too many parts"),
    ],
)
def test_a_token_without_the_providers_signature_is_refused(
    make: Callable[[dict[str, Any]], str],
) -> None:
    with pytest.raises(BadIdToken):
        read(make(GOOD))


WRONG: list[dict[str, Any]] = [
    {"iss": "https://evil.example.org"},
    {"iss": ISSUER + "/"},
    {"aud": "another site"},
    {"aud": ["threshold", "another site"]},
    {"azp": "another site"},
    {"exp": NOW - 121},
    {"exp": "tomorrow"},
    {"iat": NOW + 121},
    {"nbf": NOW + 121},
    {"nonce": "another nonce"},
    {"nonce": None},
    {"at_hash": half_hash("another access token")},
    {"at_hash": 7},
    {"sub": ""},
    {"sub": "a" * 256},
    {"sub": "ad\u00e4"},
    {"sub": ["ada-1"]},
]


def test_a_token_that_says_one_thing_wrong_is_refused(subtests: pytest.Subtests) -> None:
    for wrong in WRONG:
        with subtests.test(wrong), pytest.raises(BadIdToken):
            read(signed({**GOOD, **wrong}))


def test_a_token_that_leaves_something_out_is_refused(subtests: pytest.Subtests) -> None:
    for missing in ("iss", "sub", "aud", "exp", "iat", "nonce"):
        with subtests.test(missing), pytest.raises(BadIdToken):
            read(signed({name: value for name, value in GOOD.items() if name != missing}))


def test_a_moment_without_end_is_refused() -> None:
    """Which JSON can spell, although Python's would not write it so."""
    said = json.dumps(GOOD).replace(str(NOW - 60), "1e999")
    header = {"alg": "RS256", "kid": rsa_key().kid}
    with pytest.raises(BadIdToken):
        read(jws.serialize_compact(header, said, rsa_key(), algorithms=["RS256"]))


def test_clocks_may_be_a_minute_apart() -> None:
    assert read(signed({**GOOD, "exp": NOW - 60, "iat": NOW + 60})).subject == "ada-1"


def test_an_address_that_was_not_verified_counts_as_none() -> None:
    for said in (False, None, "true", 1):
        assert read(signed({**GOOD, "email_verified": said})).email == ""


def test_a_key_for_encrypting_a_short_one_and_one_that_cannot_be_read_sign_nothing() -> None:
    (mine,) = public(rsa_key())
    for keys in ([{**mine, "use": "enc"}], [{**mine, "n": "AQAB"}], [{"kty": "RSA"}], [{}], []):
        with pytest.raises(UnknownKey):
            read(signed(GOOD), keys)


def test_keys_for_something_else_keep_no_key_from_fitting() -> None:
    (mine,) = public(rsa_key())
    others = [{**mine, "alg": "RSA-OAEP"}, {**mine, "key_ops": ["encrypt"]}, *public(ec_key())]
    assert read(signed(GOOD), [*others, mine]).subject == "ada-1"
