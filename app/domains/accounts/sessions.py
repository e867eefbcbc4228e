"""Signing in and out: tries, and sessions that can be ended from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, update

from app.domains.accounts import decoys, devices, queries, tries
from app.domains.accounts.errors import HashReplaced, NoSuchSession, TooManyTries, WrongCredentials
from app.domains.accounts.factors import services as factors
from app.domains.accounts.models import Account, LoginSession
from app.engines import networks
from app.engines.browsers import UNKNOWN, Browser
from app.infra import clock, tokens
from app.infra.db import db

LONGEST_SESSION = timedelta(days=30)
LONGEST_PAUSE = timedelta(days=14)
"""After this long without a request a session is over (ASVS 5.0, 7.3.1)."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try to sign in that was counted before its password was looked at; the password is compared
    with the `decoy` where there is no hash."""

    account_id: int | None
    password_hash: str | None
    decoy: str | None
    rows: tuple[int, ...]
    is_known: bool = False


def open_try(
    login: str, network: str, *, knows: Callable[[Account], bool] = lambda _account: False
) -> Try:
    """Count a try to sign in from a network, before any hash is computed, so that a hundred at
    once are a hundred. `knows` tells whether the browser was signed in to an account before.
    Raises TooManyTries, whether the password would have been right or not."""
    account = queries.find_account(login)
    is_known = account is not None and knows(account)
    limits = tries.sign_in_limits(login, network, is_known=is_known)
    tries.take_turns(limits)
    wait = tries.longest_wait(limits)
    if wait:
        raise TooManyTries(wait)
    rows = tries.count([*limits])
    return Try(
        account_id=account.id if account else None,
        password_hash=account.password_hash if account else None,
        decoy=decoys.decoy_for(login),
        rows=tuple(rows),
        is_known=is_known,
    )


def drop_try(tried: Try) -> None:
    """The password was never looked at: it does not count."""
    tries.take_back(tried.rows)


def close_try(tried: Try, *, new_hash: str | None = None) -> Account:
    """The password was right: forget this try (the failed ones before it stay counted), keep the
    better hash. Raises WrongCredentials where the account may not sign in, HashReplaced where the
    password was compared with what is its hash no more."""
    if tried.account_id is None:
        raise WrongCredentials
    factors.wait_turn(tried.account_id)
    account = db.session.get(Account, tried.account_id)
    if account is None or not account.is_active:
        raise WrongCredentials
    if account.password_hash != tried.password_hash:
        raise HashReplaced
    tries.take_back(tried.rows)
    if new_hash is not None:
        account.password_hash = new_hash
    db.session.flush()
    return account


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where somebody signs in: their browser, the full address of their machine, and whether the
    browser is known (`devices`), so that nobody has to be told."""

    browser: Browser = UNKNOWN
    machine: str = ""
    is_known: bool = False


NOWHERE = Arrival()


def start_session(account: Account, arrival: Arrival = NOWHERE) -> str:
    """Sign an account in somewhere; returns the secret that its cookie carries from now on."""
    now = clock.now()
    db.session.execute(
        delete(LoginSession).where(
            LoginSession.account_id == account.id, LoginSession.expires_at <= now
        )
    )
    secret = tokens.new_secret()
    db.session.add(
        LoginSession(
            account_id=account.id,
            fingerprint=tokens.fingerprint(secret),
            expires_at=now + LONGEST_SESSION,
            browser=arrival.browser.name,
            system=arrival.browser.system,
            network=networks.shortened(arrival.machine),
        )
    )
    devices.welcome(account, arrival.browser, is_known=arrival.is_known)
    db.session.flush()
    return secret


def note_seen(secret: str) -> None:
    """Somebody is here again with this session."""
    mine = LoginSession.fingerprint == tokens.fingerprint(secret)
    db.session.execute(update(LoginSession).where(mine).values(seen_at=clock.now()))


def end_one(account: Account, session_id: int) -> None:
    """Sign an account out in one browser. Raises NoSuchSession where it has no such session."""
    own = (LoginSession.id == session_id, LoginSession.account_id == account.id)
    ended = db.session.scalar(delete(LoginSession).where(*own).returning(LoginSession.id))
    if ended is None:
        raise NoSuchSession


def end_session(secret: str) -> None:
    """Sign out: the cookie and every copy of it are worth nothing from now on."""
    db.session.execute(
        delete(LoginSession).where(LoginSession.fingerprint == tokens.fingerprint(secret))
    )


def end_other_sessions(account: Account, keep: str | None) -> None:
    """Sign an account out everywhere but where the secret `keep` is; None spares no session."""
    db.session.execute(
        delete(LoginSession).where(
            LoginSession.account_id == account.id,
            LoginSession.fingerprint != tokens.fingerprint(keep or ""),
        )
    )
