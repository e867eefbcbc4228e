"""The site's OpenID provider: asked where its doors are, for tokens, for the keys that sign them.

It is called while somebody waits, so each call ends in three seconds, a name that nobody resolves
included; no more than three threads of a process wait for it at once, and where it gave no answer
nobody calls again for a while.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from flask import current_app

from app.config import Settings
from app.config.reading import may_be_called
from app.infra import clock, tokens
from app.infra.outside.calling import Answer, call
from app.infra.outside.in_time import Busy, in_time
from app.infra.outside.questions import NoAnswer

if TYPE_CHECKING:
    from app.engines.id_tokens import Claims

SECONDS = 3.0
"""For one call. Signing in takes three at most, which is less than a request may take in all."""
LONGEST_ANSWER = 1024 * 1024
KEPT_SECONDS = 3600.0
"""How long it is believed where its doors are and what its keys are."""
REST_SECONDS = 20.0
"""How long nobody calls a provider that gave no answer, and how seldom it is asked for new keys."""
WELL_KNOWN = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
FORM = "application/x-www-form-urlencoded"
CLIENT_ERRORS = frozenset({"invalid_client", "unauthorized_client"})
CODE_ERROR = "invalid_grant"
"""What it says of a client and of a code (RFC 6749, 5.2)."""


class CodeRefused(NoAnswer):
    """The provider takes no such code: it was used, or is too old, or never was one."""


class ClientRefused(NoAnswer):
    """It does not know this site by what the operator set."""

    def __init__(self) -> None:
        super().__init__("it does not take OPENID_CLIENT_ID with OPENID_CLIENT_SECRET")


class NotBelieved(NoAnswer):
    """What it says of somebody is not signed, or not meant, as it must be."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the provider is asked what. `is_told_by_post`: it reads our secret in the form alone;
    `names_itself`: its answers in the browser say that they are its own (RFC 9207)."""

    authorization: str
    token: str
    keys: str
    is_told_by_post: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What one way to the provider and back is known by. `state` goes with the browser, `nonce`
    into the ID token, and `verifier` (RFC 7636) is shown for the code."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class _Tokens:
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


@dataclass(slots=True)
class _Known:
    """What a process knows of the provider, and until when by its own clock."""

    doors: tuple[float, Doors] | None = None
    keys: tuple[float, Sequence[Mapping[str, Any]]] | None = None
    keys_asked_at: float = float("-inf")
    silent_until: float = float("-inf")


class Provider:
    """One provider and this site's place with it. Whoever calls holds no transaction; everything
    here may raise NoAnswer."""

    def __init__(self, settings: Settings) -> None:
        self.issuer = settings.openid_issuer
        self.client_id = settings.openid_client_id
        self.called = settings.openid_called
        self._secret = settings.openid_client_secret
        self._is_demo = settings.is_demo
        self._known = _Known()

    def way_to(self, request: Request) -> str:
        """Where a browser is sent to say who sits there."""
        from authlib.oauth2.rfc6749.parameters import (  # noqa: PLC0415  (only with a provider)
            prepare_grant_uri,
        )
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

        way: str = prepare_grant_uri(
            self.doors().authorization,
            self.client_id,
            "code",
            redirect_uri=request.redirect_uri,
            scope=SCOPE,
            state=request.state,
            nonce=request.nonce,
            code_challenge=create_s256_code_challenge(request.verifier),
            code_challenge_method="S256",
        )
        return way

    def identify(self, code: str, request: Request) -> Claims:
        """Who came back with this code. Raises CodeRefused, NotBelieved."""
        from app.engines import id_tokens  # noqa: PLC0415  (it imports what checks signatures)

        tokens = self._exchange(code, request)
        wanted = id_tokens.Wanted(
            self.issuer, self.client_id, request.nonce, access_token=tokens.access_token
        )
        now = int(clock.now().timestamp())
        try:
            try:
                return id_tokens.read(tokens.id_token, self.keys(), wanted, now=now)
            except id_tokens.UnknownKey:
                return id_tokens.read(tokens.id_token, self.keys(anew=True), wanted, now=now)
        except id_tokens.BadIdToken as bad:
            raise NotBelieved(str(bad)) from bad

    def doors(self) -> Doors:
        """Where it is asked what, from its own description."""
        known = self._known.doors
        if known is None or known[0] <= monotonic():
            url = self.issuer.rstrip("/") + WELL_KNOWN
            doors = self._as_doors(self._object(self._ask("GET", url, {})))
            known = self._known.doors = monotonic() + KEPT_SECONDS, doors
        return known[1]

    def keys(self, *, anew: bool = False) -> Sequence[Mapping[str, Any]]:
        """The public keys that it signs with, as in a JWK set. `anew` where none of those that are
        known fits, which is asked seldom: anybody can send a token with a key's name in it."""
        known, now = self._known.keys, monotonic()
        is_old = known is None or known[0] <= now
        if known is None or is_old or (anew and now >= self._known.keys_asked_at + REST_SECONDS):
            self._known.keys_asked_at = now
            found = self._object(self._ask("GET", self.doors().keys, {})).get("keys")
            if not isinstance(found, list):
                raise NoAnswer("its list of keys is none")
            keys = [one for one in found if isinstance(one, dict)]
            known = self._known.keys = monotonic() + KEPT_SECONDS, keys
        return known[1]

    def takes_client(self, redirect_uri: str) -> bool | None:
        """Whether it knows this site, by what it says to a code that nobody has; None where it says
        neither. Nobody is signed in."""
        made_up = Request(tokens.new_nonce(), "", tokens.new_secret(), redirect_uri)
        answer = self._show(tokens.new_nonce(), made_up)
        if _is_about_client(answer):
            return False
        return True if _error_of(answer) == CODE_ERROR else None

    def _exchange(self, code: str, request: Request) -> _Tokens:
        """The tokens for a code that the browser brought."""
        answer = self._show(code, request)
        if _is_about_client(answer):
            raise ClientRefused
        if answer.status == 400:
            raise CodeRefused("it does not take the code")
        found = self._object(answer)
        id_token, access_token = found.get("id_token"), found.get("access_token", "")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise NoAnswer("it gave no ID token")
        return _Tokens(id_token, access_token)

    def _show(self, code: str, request: Request) -> Answer:
        doors = self.doors()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.verifier,
        }
        headers = {"Content-Type": FORM}
        if doors.is_told_by_post:
            fields |= {"client_id": self.client_id, "client_secret": self._secret}
        else:
            headers["Authorization"] = _basic(self.client_id, self._secret)
        return self._ask("POST", doors.token, headers, urlencode(fields).encode())

    def _as_doors(self, found: Mapping[str, Any]) -> Doors:
        if found.get("issuer") != self.issuer:
            raise NoAnswer("it calls itself something else than OPENID_ISSUER says")
        authorization, token, keys = (
            self._safe(found.get(name))
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
        )
        ways = found.get("token_endpoint_auth_methods_supported")
        return Doors(
            authorization,
            token,
            keys,
            is_told_by_post=isinstance(ways, list) and "client_secret_basic" not in ways,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )

    def _safe(self, url: object) -> str:
        """An address that may be called, or that a browser may be sent to."""
        if not isinstance(url, str) or not may_be_called(url, is_demo=self._is_demo):
            raise NoAnswer("an address that it names is no https address")
        return url

    def _object(self, answer: Answer) -> Mapping[str, Any]:
        """The JSON object of an answer 200."""
        if answer.status != 200:
            raise NoAnswer(f"the answer was {answer.status}")
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError) as wrong:
            raise NoAnswer("the answer cannot be read") from wrong
        if not isinstance(found, dict):
            raise NoAnswer("the answer cannot be read")
        return found

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        if monotonic() < self._known.silent_until:
            raise NoAnswer("it gave no answer a moment ago")
        told = {"Accept": "application/json", **headers}
        try:
            return in_time(
                lambda: call(method, url, told, body=body, seconds=SECONDS, most=LONGEST_ANSWER),
                seconds=SECONDS,
            )
        except Busy:
            raise
        except NoAnswer:
            self._known.silent_until = monotonic() + REST_SECONDS
            raise


def chosen() -> Provider | None:
    """The provider to sign in with, and what this process knows of it; None, which is the default,
    where there is none and nobody is called."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.openid_issuer:
        return None
    known: tuple[Settings, Provider] | None = current_app.extensions.get("openid provider")
    if known is None or known[0] is not settings:
        known = current_app.extensions["openid provider"] = settings, Provider(settings)
    return known[1]


def _is_about_client(answer: Answer) -> bool:
    """401 means nothing else at this door; some say 400 and name the error."""
    return answer.status == 401 or _error_of(answer) in CLIENT_ERRORS


def _error_of(answer: Answer) -> str:
    """The name of the error; empty where it names none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""  # no answer of its own, but perhaps a proxy's
    error = found.get("error") if isinstance(found, dict) else None
    return error if isinstance(error, str) and 400 <= answer.status < 500 else ""


def _basic(client_id: str, secret: str) -> str:
    """Both in the form's own spelling first (RFC 6749, 2.3.1)."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {b64encode(pair.encode()).decode()}"
