"""Another address for an account: asked for, proven by its own link, taken back by the old one.

The old address can take the change back for a week, whatever happens to the password meanwhile.
Until then the account keeps the new one, and nobody else gets the old one: a thief who changes
twice, or signs up with the old address, would otherwise close that way.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts import (
    events,
    mailed_links,
    queries,
    recovery,
    services,
    sessions,
    tries,
)
from app.domains.accounts.errors import EmailChangedLately, LinkUsedUp, SameEmail
from app.domains.accounts.factors import services as factors
from app.domains.accounts.mailed_links import NEW_ADDRESS, OLD_ADDRESS
from app.domains.accounts.models import Account, Address, MailedLink
from app.infra import clock
from app.infra.db import db
from app.infra.events import record


def ask(account: Account, email: str) -> None:
    """Have a link mailed to this address that makes it the account's. What is written is the same
    where it is somebody else's. Raises SameEmail, EmailChangedLately, UnfitEmail."""
    if queries.email_key(email) == account.address.email_key:
        raise SameEmail
    if _can_be_taken_back(account):
        raise EmailChangedLately
    address = services.claim_address(email)
    if tries.may_mail(address):
        link = mailed_links.make(NEW_ADDRESS, account, address)
        record(events.NewAddressAsked(link.id))


def is_free(address: Address) -> bool:
    """Whether nobody has this address or may take it back."""
    return queries.find_account_of(address) is None and not queries.is_kept_back(address)


def wanted_by(secret: str) -> tuple[Account, Address]:
    """Whose address this one would become. Raises LinkUsedUp."""
    link, account = mailed_links.open_link(NEW_ADDRESS, secret)
    return account, _address_of(link)


def change(secret: str, keep: str | None) -> Account:
    """Make the address that this link was mailed to the account's, which is proven by it; every
    session ends but that of the secret `keep`. Raises LinkUsedUp, also where the address has become
    somebody's meanwhile."""
    link, account = mailed_links.open_link(NEW_ADDRESS, secret)
    factors.take_turn(account)
    if _can_be_taken_back(account):
        raise LinkUsedUp
    old, was_proven = account.address, account.is_proven
    _give(account, link)
    services.confirm_account(account)
    sessions.end_other_sessions(account, keep=keep)
    mailed_links.use_up(account)
    if was_proven:
        back = mailed_links.make(OLD_ADDRESS, account, old)
        record(events.AddressChanged(back.id))
    return account


def taken_back_by(secret: str) -> tuple[Account, Address]:
    """Whose address this one would be again. Raises LinkUsedUp."""
    link, account = mailed_links.open_link(OLD_ADDRESS, secret)
    return account, _address_of(link)


def take_back(secret: str) -> bool:
    """Somebody else changed the address, says the owner of the old one: it is the account's again,
    everybody is out, and a link to set a new password is mailed. Says what `recovery.throw_out`
    says. Raises LinkUsedUp."""
    link, account = mailed_links.open_link(OLD_ADDRESS, secret)
    factors.take_turn(account)  # see `recovery.throw_out`
    _give(account, link)
    return recovery.throw_out(account, since=link.created_at)


def _give(account: Account, link: MailedLink) -> None:
    address, before = _address_of(link), account.address_id
    mailed_links.use(link)
    if not is_free(address):
        raise LinkUsedUp
    try:
        with db.session.begin_nested():
            account.address = address
    except IntegrityError as taken:  # by somebody in the same moment
        raise LinkUsedUp from taken
    services.prove_address(address)
    record(events.AccountMoved(before, address.id))


def _address_of(link: MailedLink) -> Address:
    return db.session.get_one(Address, link.address_id)


def _can_be_taken_back(account: Account) -> bool:
    return taken_back_until(account) is not None


def taken_back_until(account: Account) -> datetime | None:
    """How long the old address can still take the change back; None where it cannot."""
    waiting = select(MailedLink.expires_at).where(
        MailedLink.account_id == account.id,
        MailedLink.purpose == OLD_ADDRESS.name,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > clock.now(),
    )
    return db.session.scalar(waiting.order_by(MailedLink.expires_at.desc()).limit(1))
