"""The rows behind the second step. All of them go with their account, or when it is turned off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock
from app.infra.db import Model, UtcDateTime

NAME_LENGTH = 60


class AuthenticatorApp(Model):
    """An account's app. `last_step` is the newest step of thirty seconds whose code was used: none
    up to it is taken again, wherever the clock goes."""

    __tablename__ = "authenticator_app"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    sealed_key: Mapped[str] = mapped_column(String(200))
    """The key that the app has too, sealed (`infra.sealed`). Kept until the app is turned off."""
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    last_step: Mapped[int] = mapped_column(BigInteger)


class RecoveryCode(Model):
    """A code on paper. Only its fingerprint is stored: 80 random bits need no salt."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Model):
    """A public key whose other half never leaves somebody's device."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    """What its owner calls the device, so that they know it again. Kept until it is removed."""
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    """Of `credential`, which may be too long for an index."""
    credential: Mapped[str] = mapped_column(Text)
    """By which the device knows the key, in base64url. Kept until the passkey is removed."""
    public_key: Mapped[str] = mapped_column(Text)
    """As COSE, in base64url."""
    handle: Mapped[str] = mapped_column(String(64))
    """What devices know the account by: made with the site's secret, so that it says nothing about
    its owner."""
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The last time that it signed in, so that its owner sees whether it is in use."""


class PasskeyChallenge(Model):
    """What a browser was asked to sign, once, within five minutes. `browser` is the fingerprint of
    a number that stands in that browser's cookie. Rows whose end is past go with the next ones."""

    __tablename__ = "passkey_challenge"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    browser: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
