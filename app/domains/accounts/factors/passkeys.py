"""Passkeys of an account: registered, used to sign in, removed; and what browsers sign for them.

Each asking is a row that is used up by the first answer, good or bad. The caller ends that unit of
work before it looks at the answer, so that a bad one does not bring the row back.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.factors import ceremonies, queries, services
from app.domains.accounts.factors.ceremonies import Answer
from app.domains.accounts.factors.errors import (
    NoSuchPasskey,
    PasskeyKnown,
    PasskeyRefused,
    TooManyPasskeys,
)
from app.domains.accounts.factors.models import Passkey, PasskeyChallenge
from app.domains.accounts.factors.states import Ceremony, News
from app.domains.accounts.models import Account
from app.domains.accounts.policy import CLOCK_SLACK
from app.infra import clock, tokens
from app.infra.db import db

CHALLENGE_LIFE = timedelta(minutes=5)
CHALLENGE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the passkey that an answer names."""

    id: int
    account_id: int
    public_key: str
    sign_count: int
    handle: str


class CounterWentBack(PasskeyRefused):
    """The device counts how often it signed, and this answer is not the next: somebody has copied
    the passkey. `known` is the passkey, whose owner is to be told."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known


def ask_to_make(account: Account, browser: str) -> dict[str, Any]:
    """What the browser is to make a passkey by. Raises AddressUnproven, TooManyPasskeys."""
    services.refuse_unproven(account)
    own = queries.passkeys_of(account)
    if len(own) >= queries.MOST_PASSKEYS:
        raise TooManyPasskeys
    return ceremonies.ask_to_make(
        challenge=_challenge(Ceremony.REGISTER, browser, account),
        handle=_decoded(_handle(account, own)),
        login=account.address.email,
        name=account.name,
        known=[one.credential for one in own],
    )


def ask_to_enter(browser: str) -> dict[str, Any]:
    """What the browser is to sign in by, in place of a password and of the second step."""
    challenge = _challenge(Ceremony.ENTER, browser, None)
    return ceremonies.ask_to_sign(challenge=challenge, known=[], must_verify=True)


def ask_to_sign(purpose: Ceremony, account: Account, browser: str) -> dict[str, Any]:
    """What the browser is to sign to show that this account's owner is there."""
    return ceremonies.ask_to_sign(
        challenge=_challenge(purpose, browser, account),
        known=[one.credential for one in queries.passkeys_of(account)],
        must_verify=False,
    )


def use_up(answer: Answer, purpose: Ceremony, browser: str, account_id: int | None) -> None:
    """This answer is the one to what was asked here. Raises PasskeyRefused where nothing was asked
    so, in this browser, for this account, in the last five minutes, or it was answered already."""
    now = clock.now()
    waiting = (
        PasskeyChallenge.fingerprint == tokens.fingerprint(answer.challenge),
        PasskeyChallenge.purpose == purpose,
        PasskeyChallenge.browser == tokens.fingerprint(browser),
        PasskeyChallenge.account_id == account_id,
        PasskeyChallenge.expires_at > now,
        PasskeyChallenge.expires_at <= now + CHALLENGE_LIFE + CLOCK_SLACK,
    )
    using = delete(PasskeyChallenge).where(*waiting).returning(PasskeyChallenge.id)
    if db.session.scalar(using) is None:
        raise PasskeyRefused


def register(account: Account, name: str, made: ceremonies.Made) -> list[str]:
    """Take a passkey whose making was looked at; the codes on paper where they are new. Raises
    AddressUnproven, PasskeyKnown, TooManyPasskeys."""
    not_me = services.begin(account)
    own = queries.passkeys_of(account)
    if len(own) >= queries.MOST_PASSKEYS:
        raise TooManyPasskeys
    passkey = Passkey(
        account_id=account.id,
        name=name,
        fingerprint=tokens.fingerprint(made.credential),
        credential=made.credential,
        public_key=made.public_key,
        handle=_handle(account, own),
        sign_count=made.sign_count,
    )
    try:
        with db.session.begin_nested():
            db.session.add(passkey)
    except IntegrityError as known:
        raise PasskeyKnown from known
    return services.begun(account, News.PASSKEY_ADDED, not_me)


def find(answer: Answer) -> Known:
    """The passkey that this answer names; nothing has shown yet that it was the one that signed.
    Raises PasskeyRefused where there is none, or its account is closed."""
    found = db.session.execute(
        select(
            Passkey.id,
            Passkey.account_id,
            Passkey.public_key,
            Passkey.sign_count,
            Passkey.handle,
        )
        .join(Account, Account.id == Passkey.account_id)
        .where(
            Passkey.fingerprint == tokens.fingerprint(answer.credential),
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None or answer.handle not in (None, "", found.handle):
        raise PasskeyRefused
    return Known(*found)


def check(answer: Answer, known: Known, *, must_verify: bool) -> int:
    """The device's counter, where it signed this answer with this passkey. Reads nothing. Raises
    PasskeyRefused, CounterWentBack."""
    here, key = ceremonies.site(), known.public_key
    count = ceremonies.signed(answer, answer.challenge, here, key, must_verify=must_verify)
    if (count or known.sign_count) and count <= known.sign_count:
        raise CounterWentBack(known)
    return count


def note_use(known: Known, count: int) -> Account:
    """Keep the counter and the time. Raises PasskeyRefused where the passkey is gone, or was used
    at the same moment with the same counter."""
    services.wait_turn(known.account_id)
    goes_on = or_(Passkey.sign_count < count, (Passkey.sign_count == 0) & (count == 0))
    using = (
        update(Passkey)
        .where(Passkey.id == known.id, goes_on)
        .values(sign_count=count, used_at=clock.now())
    )
    account_id = db.session.scalar(using.returning(Passkey.account_id))
    account = db.session.get(Account, account_id) if account_id else None
    if account is None or not account.is_active:
        raise PasskeyRefused
    return account


def tell_of_copy(known: Known) -> None:
    """Have the owner told that one of their passkeys was refused."""
    services.tell(db.session.get_one(Account, known.account_id), News.PASSKEY_COPIED)


def remove(account: Account, passkey_id: int) -> None:
    """Raises NoSuchPasskey where it is not this account's."""
    services.take_turn(account)
    own = (Passkey.id == passkey_id, Passkey.account_id == account.id)
    if db.session.scalar(delete(Passkey).where(*own).returning(Passkey.id)) is None:
        raise NoSuchPasskey
    services.ended(account, News.PASSKEY_REMOVED)


def _handle(account: Account, own: Sequence[Passkey]) -> str:
    """By what devices know the account: the same for all of its passkeys, so that one takes the
    place of the other on one device; nobody else can make it."""
    if own:
        return own[0].handle
    return _encoded(tokens.private_key("passkeys", account.id).encode())


def _challenge(purpose: Ceremony, browser: str, account: Account | None) -> bytes:
    """A new one, which a row waits for; those whose end is past go."""
    now = clock.now()
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    db.session.add(
        PasskeyChallenge(
            fingerprint=tokens.fingerprint(_encoded(challenge)),
            purpose=purpose,
            account_id=account.id if account else None,
            browser=tokens.fingerprint(browser),
            expires_at=now + CHALLENGE_LIFE,
        )
    )
    db.session.flush()
    return challenge


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}==")
