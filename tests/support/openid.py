"""A real OpenID provider on this machine, which does as it is told, wrong things included."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from app.infra import clock
from tests.support.settings import change_settings

CLIENT = "threshold"
SECRET = "a secret: with / odd signs"
NAME = "Example ID"
ADA = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True, "name": "Ada Byron"}
DISCOVERY = "/.well-known/openid-configuration"


@cache
def rsa_key(name: str = "one") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"}, private=True)


@cache
def ec_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"}, private=True)


def public(*keys: RSAKey | ECKey) -> list[dict[str, Any]]:
    return [key.as_dict(private=False) for key in keys]


@dataclass(frozen=True)
class Code:
    """What a code stands for until it is exchanged."""

    nonce: str
    challenge: str
    redirect_uri: str
    claims: dict[str, Any]


@dataclass
class OpenIdServer:
    """`person` is who sits there; `bends` is done to the claims before they are signed by `signs`;
    `says` lies over its description of itself. `answers` gives raw bytes for a path instead of an
    answer. `asked` are the calls that came, as method and path."""

    person: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    bends: Callable[[dict[str, Any]], None] = lambda _claims: None
    signs: Callable[[dict[str, Any]], str] | None = None
    says: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: public(rsa_key(), ec_key()))
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()

    def forget(self) -> None:
        """Be as in the beginning, for the next test."""
        fresh = {one.name: one for one in fields(self)}
        for name, one in fresh.items():
            made = one.default_factory() if one.default_factory is not MISSING else one.default
            setattr(self, name, made)

    def settings(self) -> dict[str, str]:
        """What the operator of a site with this provider sets."""
        return {
            "openid_issuer": self.issuer,
            "openid_client_id": CLIENT,
            "openid_client_secret": SECRET,
            "openid_name": NAME,
        }

    def serve(self, app: Flask) -> None:
        """Have the program know this provider."""
        change_settings(app, **self.settings())

    def back_from(self, way: str, **more: str) -> str:
        """Where the provider sends the browser that came this way, once somebody let it: path and
        query. `more` are parameters of the answer that replace its own."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(12)
        self.codes[code] = Code(
            asked["nonce"], asked["code_challenge"], asked["redirect_uri"], dict(self.person)
        )
        answer = {"code": code, "state": asked["state"], "iss": self.issuer, **more}
        kept = {name: value for name, value in answer.items() if value}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode(kept)}"

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
            **self.says,
        }

    def exchange(self, fields: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint; a code is good for one exchange."""
        code = self.codes.pop(fields.get("code", ""), None)
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_client = authorization == _basic() or (
            (fields.get("client_id"), fields.get("client_secret")) == (CLIENT, SECRET)
        )
        if not is_client:
            return 401, {"error": "invalid_client"}
        if code is None or code.challenge != challenge:
            return 400, {"error": "invalid_grant"}
        if code.redirect_uri != fields.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        token = self.token(code.nonce, code.claims, access)
        return 200, {"id_token": token, "access_token": access, "token_type": "Bearer"}

    def token(self, nonce: str, person: dict[str, Any], access: str) -> str:
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": half_hash(access),
            **person,
        }
        self.bends(claims)
        return (self.signs or signed)(claims)


def half_hash(access: str) -> str:
    digest = hashlib.sha256(access.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def signed(claims: dict[str, Any], alg: str = "RS256", key: RSAKey | ECKey | None = None) -> str:
    by = key or rsa_key()
    return jwt.encode({"alg": alg, "kid": by.kid}, claims, by, algorithms=[alg])


def _basic() -> str:
    quoted = (
        urlencode({"a": CLIENT})[2:]
        + ":"
        + SECRET.replace(" ", "%20").replace(":", "%3A").replace("/", "%2F")
    )
    return "Basic " + base64.b64encode(quoted.encode()).decode()


def _handler_of(provider: OpenIdServer) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"provider": provider})


class _Handler(BaseHTTPRequestHandler):
    provider: OpenIdServer

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: what it was asked is kept."""

    def _answer(self, method: str) -> None:
        path = urlsplit(self.path).path
        self.provider.asked.append(f"{method} {path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if path in self.provider.answers:
            with suppress(OSError):  # whoever asked went away, which some of these tests are about
                self.provider.answers[path](self)
        elif path == "/authorize":
            self._send(302, {}, Location=_public(self.path, self.provider))
        elif path == DISCOVERY:
            self._send(200, self.provider.description())
        elif path == "/keys":
            self._send(200, {"keys": self.provider.keys})
        else:
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*self.provider.exchange(fields, self.headers.get("Authorization", "")))

    def _send(self, status: int, content: dict[str, Any], **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _public(path: str, server: OpenIdServer) -> str:
    """The address that a browser is sent back to."""
    asked = parse_qs(urlsplit(path).query)
    to = urlsplit(asked["redirect_uri"][0])
    return f"{to.scheme}://{to.netloc}{server.back_from(path)}"


def hangs(server: OpenIdServer) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda _handler: _wait(server)


def drips(server: OpenIdServer) -> Callable[[BaseHTTPRequestHandler], None]:
    """A byte every twentieth of a second, for as long as somebody listens."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        for _ in range(400):
            if server.ended.wait(0.05):
                return
            handler.wfile.write(b"{")

    return drip


def raw(content: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: _write(handler, content)


def _write(handler: BaseHTTPRequestHandler, content: bytes) -> None:
    handler.wfile.write(content)


def _wait(server: OpenIdServer) -> None:
    server.ended.wait(20)
