"""The session's cookie, which a clock that moves must not end.

A cookie that was signed a moment in the future is one of ours all the same: another machine's clock
is some seconds ahead, or this one's was put back. The library takes it for expired; whoever has a
form open would lose what they send.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
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


class _Sessions(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = _Signer
        return serializer


def install(app: Flask) -> None:
    app.session_interface = _Sessions()
