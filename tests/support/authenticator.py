"""A device with passkeys, in software: it answers what a site asks as a browser would, and as one
that lies."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 1, 4, 64
ORIGIN = "http://localhost"


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}==")


@dataclass
class Device:
    """One passkey on one device. `origin`, `rp_id` and `flags` are what it says of where and how
    it was asked; `count` is its counter."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    handle: str = ""
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any]) -> str:
        """The answer to being asked for a new passkey."""
        self.handle = options["user"]["id"]
        numbers = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor2.dumps(public)
        data = self._data(ATTESTED) + attested
        whole = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client_data("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=encoded(said), attestationObject=encoded(whole))

    def sign(self, options: dict[str, Any], **more: str) -> str:
        """The answer to being asked to sign in."""
        self.count += 1
        data = self._data(0)
        said = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(said).digest()
        return self._answer(
            clientDataJSON=encoded(said),
            authenticatorData=encoded(data),
            signature=encoded(self._key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            userHandle=self.handle,
            **more,
        )

    def _data(self, flags: int) -> bytes:
        where = hashlib.sha256(self.rp_id.encode()).digest()
        return where + struct.pack(">BI", self.flags | flags, self.count)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        usual = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**usual, **self.said}).encode()

    def _answer(self, **response: str) -> str:
        name = encoded(self.id)
        whole = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(whole)
