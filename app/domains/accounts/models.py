"""Accounts, their sessions and mailed links, and the addresses behind people."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domains.accounts.states import STAFF, Role
from app.engines.browsers import NAME_LENGTH as BROWSER_LENGTH
from app.infra import clock, tokens
from app.infra.db import Model, UtcDateTime

EMAIL_LENGTH = 254  # RFC 5321
NAME_LENGTH = 60
NETWORK_LENGTH = 50  # an IPv6 network with its length has 43


class Address(Model):
    """An e-mail address somebody typed. `proven_at` is set only when its owner followed a link
    that was mailed to it; until then it is a claim and opens nothing."""

    __tablename__ = "address"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    email_key: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    nonce: Mapped[str] = mapped_column(String(32), default=tokens.new_nonce)

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None


class Account(Model):
    """Somebody who can sign in. `username` stands in addresses; `name` is what readers see;
    `name_key` is the skeleton of that name, so that no two people look alike.

    `proven_at` is set when the person who knows the password also opened a link mailed to the
    address. It is not `address.proven_at`: the owner of an address may prove it as a guest while
    somebody else has signed up with it, and that must not lend the stranger's account any trust.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    name_key: Mapped[str] = mapped_column(String(NAME_LENGTH * 4), unique=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default=Role.READER, index=True)
    bio: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proven_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    device_nonce: Mapped[str | None] = mapped_column(String(32))
    """What the marks of known browsers are made with (`devices`); a new one makes every browser a
    new one. None until somebody signs in for the first time. Kept as long as the account."""
    factor_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when signing in takes a second step (`factors`); None where it takes one. Kept here,
    since every request of staff asks it; goes with the last way of the second step."""

    language: Mapped[str | None] = mapped_column(String(12))
    """The tag of the language that pages and mails come in; None for the site's. This and the two
    below are what the owner chose, so that it holds in every browser; kept as long as the
    account."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    """The IANA name of the zone that times are told in; None for the site's."""
    theme: Mapped[str | None] = mapped_column(String(8))
    """ "light" or "dark"; None for what the machine prefers."""

    leaving_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When all of it is erased, as its owner asked: until then they can take that back, and do
    nothing else."""

    address: Mapped[Address] = relationship(lazy="joined", innerjoin=True)

    is_authenticated: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_proven(self) -> bool:
        return self.proven_at is not None

    @property
    def has_second_step(self) -> bool:
        return self.factor_since is not None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


class AccountName(Model):
    """A name that somebody gave up, the one they took instead, and when: moderators must see who
    stood behind an earlier name. Kept as long as the account, and gone with it. `old_key` is the
    skeleton of the name given up, which stays out of others' reach for a while."""

    __tablename__ = "account_name"
    __table_args__ = (Index("ix_account_name_account_id_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    old_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    new_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    old_key: Mapped[str] = mapped_column(String(NAME_LENGTH * 4), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class LoginSession(Model):
    """One signed-in browser. The cookie carries the secret; the row keeps its fingerprint, so that
    signing out, a new password or a disabled account ends it at once, copies included."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=clock.now)
    """The last request, to the hour, so that its owner sees which session is in use. This and the
    three below go with the row: when the session ends, or a day after its 30 at the latest."""
    browser: Mapped[str] = mapped_column(String(BROWSER_LENGTH), default="", server_default="")
    """Such as "Firefox", so that its owner knows it again."""
    system: Mapped[str] = mapped_column(String(BROWSER_LENGTH), default="", server_default="")
    """Such as "Windows", for the same."""
    network: Mapped[str | None] = mapped_column(String(NETWORK_LENGTH))
    """The network it was begun from (an IPv4 /24, an IPv6 /48), for the same."""

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Identity(Model):
    """Somebody at an OpenID provider who may sign in to an account: known by the provider's name
    (`issuer`) and its name for them (`subject`), never by an address. Kept until it is unlinked or
    the account goes, since it is a key to it."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("account_id", "issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody last signed in with it, so that its owner sees whether it is in use."""

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class MailedLink(Model):
    """A single-use link for one purpose, with an end (`mailed_links`). Its secret is derived from
    this row, the account's address (and its password hash where a new password shall end it), and
    the site's secret; only its fingerprint is stored."""

    __tablename__ = "mailed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str] = mapped_column(String(12))
    address_id: Mapped[int | None] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), index=True
    )
    """The address that becomes the account's by this link: a new one, or the one before. Kept as
    long as the row, which goes 30 days after its end."""
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInTry(Model):
    """One try that counts against a limit (a failed sign-in, a mail to an address somebody typed),
    kept in the database so that the limit holds for every process and outlives a restart.
    `bucket` names whose tries are counted together."""

    __tablename__ = "sign_in_try"
    __table_args__ = (Index("ix_sign_in_try_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
