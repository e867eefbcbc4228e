"""Signing in with a link by mail, in place of a password."""

from __future__ import annotations

from dataclasses import dataclass

from app.domains.accounts import (
    events,
    identities,
    mailed_links,
    queries,
    recovery,
    services,
    tries,
)
from app.domains.accounts.factors import services as factors
from app.domains.accounts.mailed_links import SIGN_IN
from app.domains.accounts.models import Account, MailedLink
from app.infra.db import db
from app.infra.events import record


@dataclass(frozen=True, slots=True)
class Entered:
    """`lost_password`: the account had a password that somebody set before the address was proven,
    and has none any more. `lost_identity`: likewise of somebody at an OpenID provider."""

    account: Account
    lost_password: bool
    lost_identity: bool = False


def ask(email: str, wanted: str) -> None:
    """Have a link mailed to the owner of this address, if there is one, that leads to the path
    `wanted`. The same is written whoever that is, or nobody."""
    record(events.SignInLinkAsked(email, wanted))


def link_for(email: str) -> MailedLink | None:
    """The link to be mailed; None for an address that is no account's, or had enough mails.

    Who asks in another's name uses up the mails of a day, and guessers the tries of a password: so
    that nobody keeps the owner out, one goes all the same where none that was mailed works any
    more, which is once an hour."""
    account = queries.find_account(email) if "@" in email else None
    if account is None or not account.is_active:
        return None
    if not tries.may_mail(account.address) and mailed_links.waits_for_use(SIGN_IN, account):
        return None
    return mailed_links.make(SIGN_IN, account)


def secret_for_mail(link_id: int) -> str | None:
    return mailed_links.secret_for_mail(SIGN_IN, link_id)


def account_of_link(secret: str) -> Account:
    """Whom this link would sign in. Raises LinkUsedUp."""
    return mailed_links.open_link(SIGN_IN, secret)[1]


def enter(secret: str) -> Entered:
    """Use the link; the caller begins the session. Who followed it owns the address, which proves
    the account. A password that was set before is a stranger's, as far as anybody knows, and so is
    a linked identity: they open nothing any more, and who is signed in by them is out. Raises
    LinkUsedUp."""
    link, account = mailed_links.open_link(SIGN_IN, secret)
    factors.take_turn(account)
    mailed_links.use(link)
    is_new = not account.is_proven
    lost_password = is_new and account.password_hash is not None
    lost_identity = is_new and bool(identities.identities_of(account))
    if lost_password or lost_identity:
        recovery.end_everything(account, None)
        identities.forget_all(account)
    services.prove_address(account.address)
    services.confirm_account(account)
    db.session.flush()
    return Entered(account, lost_password, lost_identity)
