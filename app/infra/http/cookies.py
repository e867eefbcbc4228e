"""The session's cookie, which a clock that moves must not end.

A cookie that was signed a moment in the future is one of ours all the same: another machine's clock
is some seconds ahead, or this one's was put back. The library takes it for expired; whoever has a
form open would lose what they send.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.json import loads
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer


class _Signer(TimestampSigner):
    def unsign(self, signed_value: Any, *arguments: Any, **options: Any) -> Any:
        """As the library's own, but for a time that has not come yet."""
        try:
            return super().unsign(signed_value, *arguments, **options)
        except SignatureExpired as expired:
            now = self.timestamp_to_datetime(self.get_timestamp())
            if expired.date_signed is None or expired.date_signed <= now:
                raise
            return super().unsign(signed_value, return_timestamp=True)


class _Json(TaggedJSONSerializer):
    """As the library's own, letter by letter. It asks eight kinds of tags of every value in a
    session, though JSON has nearly all of them itself."""

    def tag(self, value: Any) -> Any:
        kind = type(value)
        if kind in _JSONS_OWN:
            return value
        if kind is list:
            return [self.tag(one) for one in value]
        if kind is dict and len(value) != 1:  # one with a single key may look like a tag
            return {name: self.tag(one) for name, one in value.items()}
        return super().tag(value)

    def loads(self, value: str) -> Any:
        return super().loads(value) if _TAGGED in value else loads(value)


_JSONS_OWN = frozenset({str, int, float, bool, type(None)})
_TAGGED = '{" '
"""How each tag begins; in a text the quotation mark would have a stroke before it."""


class _Sessions(SecureCookieSessionInterface):
    serializer = _Json()

    def __init__(self) -> None:
        self._made: tuple[tuple[object, ...], URLSafeTimedSerializer | None] = ((), None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once for the secrets that the program has."""
        secrets = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        of, serializer = self._made
        if of != secrets:
            serializer = super().get_signing_serializer(app)
            if serializer is not None:
                serializer.signer = _Signer
            self._made = secrets, serializer
        return serializer


def install(app: Flask) -> None:
    app.session_interface = _Sessions()
