"""Links that are mailed and work once: made, made again for their mail, opened, used up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.domains.accounts import queries
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import Account, Address, MailedLink
from app.domains.accounts.policy import CLOCK_SLACK
from app.infra import clock, tokens
from app.infra.db import db


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link is for. `key` goes into its secret, so that no link of one purpose passes for one
    of another; `by_password`: a new password ends it."""

    name: str
    key: str
    life: timedelta
    by_password: bool = True


RESET = Purpose("reset", "reset-password", timedelta(hours=1))
SIGN_IN = Purpose("sign-in", "sign-in", timedelta(hours=1))
NEW_ADDRESS = Purpose("address", "new-address", timedelta(hours=1))
OLD_ADDRESS = Purpose("old-address", "old-address", timedelta(days=7), by_password=False)
"""Takes a change of the address back; lives on like the next one."""
NOT_ME = Purpose("not-me", "not-me", timedelta(days=7), by_password=False)
"""Lives on when somebody who got in changes the password; it sets none itself."""


LASTING = (NOT_ME.name, OLD_ADDRESS.name)


def make(purpose: Purpose, account: Account, address: Address | None = None) -> MailedLink:
    """A new link; its secret is asked for when its mail is written (`secret_for_mail`). `address`
    is the one that it gives to the account."""
    now = clock.now()
    link = MailedLink(
        account_id=account.id,
        purpose=purpose.name,
        address_id=address.id if address else None,
        fingerprint=tokens.new_nonce(),  # until the row's id is known
        created_at=now,
        expires_at=now + purpose.life,
    )
    db.session.add(link)
    db.session.flush()
    key = tokens.private_key(purpose.key, *_named(purpose, link, account))
    link.fingerprint = tokens.fingerprint(key)
    db.session.flush()
    return link


def secret_for_mail(purpose: Purpose, link_id: int) -> str | None:
    """The secret of a link, made anew for its mail; None when the link is dead already."""
    link = db.session.get(MailedLink, link_id)
    if link is None or not _is_alive(purpose, link):
        return None
    return _secret_of(purpose, link, queries.get_account(link.account_id))


def open_link(purpose: Purpose, secret: str) -> tuple[MailedLink, Account]:
    """The link with this secret and whose it is. Raises LinkUsedUp for one that is used, too old,
    older than the present password or address, for another purpose, or that never was."""
    link = queries.find_link(secret)
    if link is None or not _is_alive(purpose, link):
        raise LinkUsedUp
    return link, queries.get_account(link.account_id)


def use(link: MailedLink) -> None:
    """Use a link that was opened. Raises LinkUsedUp where somebody did at the same moment."""
    unused = (MailedLink.id == link.id, MailedLink.used_at.is_(None))
    used = update(MailedLink).where(*unused).values(used_at=clock.now()).returning(MailedLink.id)
    if db.session.scalar(used) is None:
        raise LinkUsedUp


def waits_for_use(purpose: Purpose, account: Account) -> bool:
    """Whether the owner has a link of this purpose in their mail that still works."""
    unused = (
        MailedLink.account_id == account.id,
        MailedLink.purpose == purpose.name,
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > clock.now(),
    )
    return any(
        _is_alive(purpose, link) for link in db.session.scalars(select(MailedLink).where(*unused))
    )


def oldest_unused(purpose: Purpose, account: Account) -> datetime | None:
    """When the oldest link of this purpose was made that its owner could still use, or could if
    the address was theirs again."""
    now = clock.now()
    oldest: datetime | None = db.session.scalar(
        select(MailedLink.created_at)
        .where(
            MailedLink.account_id == account.id,
            MailedLink.purpose == purpose.name,
            MailedLink.used_at.is_(None),
            MailedLink.created_at <= now + CLOCK_SLACK,
            MailedLink.expires_at > now,
        )
        .order_by(MailedLink.created_at)
        .limit(1)
    )
    return oldest


def use_up(account: Account) -> None:
    """End all links of an account but those that get a stranger out."""
    db.session.execute(
        update(MailedLink)
        .where(
            MailedLink.account_id == account.id,
            MailedLink.used_at.is_(None),
            MailedLink.purpose.not_in(LASTING),
        )
        .values(used_at=clock.now())
    )


def _is_alive(purpose: Purpose, link: MailedLink) -> bool:
    account = queries.get_account(link.account_id)
    return (
        link.purpose == purpose.name
        and link.used_at is None
        and link.created_at <= clock.now() + CLOCK_SLACK
        and link.expires_at > clock.now()
        and account.is_active
        and _secret_of(purpose, link, account) is not None
    )


def _secret_of(purpose: Purpose, link: MailedLink, account: Account) -> str | None:
    """None for a link that fits its account no more."""
    return tokens.private_key_of(link.fingerprint, purpose.key, *_named(purpose, link, account))


def _named(purpose: Purpose, link: MailedLink, account: Account) -> tuple[str | int, ...]:
    """What the secret is made of: the link, the account, its addresses and, where the purpose says
    so, its present password, so that a new one of either makes another secret. The time to the
    microsecond keeps a reused row id from matching."""
    named: list[str | int] = [link.id, link.created_at.isoformat(), account.id]
    named.append(account.address.email_key)
    if link.address_id is not None:
        named.append(link.address_id)
    if purpose.by_password:
        named.append(account.password_hash or "")
    return tuple(named)
