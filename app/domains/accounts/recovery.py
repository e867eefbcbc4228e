"""New passwords: changed by who is signed in, or set through a link that was mailed; and getting
somebody out who signed in with the old one."""

from __future__ import annotations

from datetime import datetime

from app.domains.accounts import (
    devices,
    events,
    identities,
    mailed_links,
    queries,
    services,
    sessions,
    tries,
)
from app.domains.accounts.factors import services as factors
from app.domains.accounts.mailed_links import NOT_ME, RESET
from app.domains.accounts.models import Account, MailedLink
from app.infra import audit
from app.infra.db import db
from app.infra.events import record


def change_password(account: Account, password_hash: str | None, *, by_staff: bool = False) -> None:
    """Set a new password, or none: then a mailed link is the way in. Every session of the account
    ends, every browser is a new one, and every mailed link but those that get a stranger out dies
    with the old password; the caller starts a new session for who is there."""
    factors.take_turn(account)
    end_everything(account, password_hash)
    if by_staff:
        audit.write("password", "account", account.id, by=None, actor_name="command line")
    record(events.PasswordChanged(account.id))
    db.session.flush()


def ask_for_reset(email: str) -> None:
    """Have a link mailed to the owner of this address, if there is one. The same is written
    whoever that is, or nobody."""
    record(events.ResetLinkAsked(email))


def request_reset(email: str) -> None:
    """The same for an address that is known to be an account's."""
    link = link_for(email)
    if link is not None:
        record(events.PasswordResetAsked(link.id))


def link_for(email: str) -> MailedLink | None:
    """The link to be mailed; None for an address that is no account's, or had enough mails."""
    account = queries.find_account(email) if "@" in email else None
    if account is None or not account.is_active or not tries.may_mail(account.address):
        return None
    return mailed_links.make(RESET, account)


def reset_secret(link_id: int) -> str | None:
    """The secret of a mailed link, made anew for its mail; None when the link is dead already."""
    return mailed_links.secret_for_mail(RESET, link_id)


def account_of_link(secret: str) -> Account:
    """Whose password this link may set. Raises LinkUsedUp for a link that is used, older than its
    hour, older than the present password or address, or never was one."""
    return mailed_links.open_link(RESET, secret)[1]


def reset_password(secret: str, password_hash: str) -> Account:
    """Set the password through a mailed link. Who followed it owns the address, so the account is
    proven by it, and a stranger who signed up with that address is out. Raises LinkUsedUp."""
    link, account = mailed_links.open_link(RESET, secret)
    factors.take_turn(account)
    mailed_links.use(link)
    if not account.is_proven:
        identities.forget_all(account)
    change_password(account, password_hash)
    tries.forget_logins(account)
    services.prove_address(account.address)
    services.confirm_account(account)
    return account


def whose_stranger(secret: str) -> Account:
    """Whose sessions this link from the mail about a new browser may end. Raises LinkUsedUp."""
    return mailed_links.open_link(NOT_ME, secret)[1]


def shut_stranger_out(secret: str) -> bool:
    """Somebody else knows the password, says the owner of the address: every session ends, the
    password opens nothing any more, and a link to set a new one is mailed. Says what `throw_out`
    says. Raises LinkUsedUp."""
    link, account = mailed_links.open_link(NOT_ME, secret)
    factors.take_turn(account)
    mailed_links.use(link)
    return throw_out(account, since=link.created_at)


def throw_out(account: Account, *, since: datetime) -> bool:
    """End everything, leave no password and no linked identity, and mail a link to set one. What a
    stranger may have set up `since` for the second step goes too, and this says whether there was
    any; what stood before stays, and is asked for.

    A stranger who sets up a passkey first and is told of again afterwards must not keep it: where
    an earlier mail about a new browser could be answered still, it counts from that one on. Whoever
    reads the mail could open that one as well."""
    factors.take_turn(account)  # before its row is written to: whoever sets a way up does so after
    earlier = mailed_links.oldest_unused(NOT_ME, account) or since
    end_everything(account, None)
    identities.forget_all(account)
    gone = factors.forget_since(account, min(since, earlier))
    record(events.PasswordResetAsked(mailed_links.make(RESET, account).id))
    return gone


def end_everything(account: Account, password_hash: str | None) -> None:
    """Put this in the place of the password, and let nothing go on that the old one had opened."""
    account.password_hash = password_hash
    sessions.end_other_sessions(account, keep=None)
    devices.forget_all(account)
    mailed_links.use_up(account)
