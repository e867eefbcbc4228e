"""New passwords: changed by who is signed in, or set through a link that was mailed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.domains.accounts import events, queries, services, sessions, tries
from app.domains.accounts.errors import LinkUsedUp
from app.domains.accounts.models import Account, MailedLink
from app.infra import audit, clock, tokens
from app.infra.db import db
from app.infra.events import record

RESET_LIFE = timedelta(hours=1)
RESET = "reset"
PURPOSE = "reset-password"


def change_password(account: Account, password_hash: str, *, by_staff: bool = False) -> None:
    """Set a new password. Every session of the account ends and every mailed link dies with the
    old password; the caller starts a new session for who is there."""
    account.password_hash = password_hash
    sessions.end_other_sessions(account, keep=None)
    _use_up_links(account)
    if by_staff:
        audit.write("password", "account", account.id, by=None, actor_name="command line")
    record(events.PasswordChanged(account.id))
    db.session.flush()


def request_reset(email: str) -> None:
    """Have a link mailed to the owner of this address, if there is one; says nothing either way."""
    account = queries.find_account(email) if "@" in email else None
    if account is None or not account.is_active:
        tries.count_nobody(email)
        return
    if not tries.may_mail(account.address):
        return
    link = MailedLink(
        account_id=account.id,
        purpose=RESET,
        fingerprint=tokens.new_nonce(),  # until the row's id is known
        created_at=clock.now(),
        expires_at=clock.now() + RESET_LIFE,
    )
    db.session.add(link)
    db.session.flush()
    link.fingerprint = tokens.fingerprint(tokens.private_key(PURPOSE, *_named(link, account)))
    record(events.PasswordResetAsked(link.id))


def reset_secret(link_id: int) -> str | None:
    """The secret of a mailed link, made anew for its mail; None when the link is dead already."""
    link = db.session.get(MailedLink, link_id)
    if link is None or not _is_alive(link):
        return None
    return _secret_of(link, queries.get_account(link.account_id))


def account_of_link(secret: str) -> Account:
    """Whose password this link may set. Raises LinkUsedUp for a link that is used, older than its
    hour, older than the present password or address, or never was one."""
    link = queries.find_link(secret)
    if link is None or not _is_alive(link):
        raise LinkUsedUp
    return queries.get_account(link.account_id)


def reset_password(secret: str, password_hash: str) -> Account:
    """Set the password through a mailed link. Who followed it owns the address, so the account is
    proven by it, and a stranger who signed up with that address is out. Raises LinkUsedUp."""
    account = account_of_link(secret)
    change_password(account, password_hash)
    tries.forget(tries.account_bucket(account.id))
    services.prove_address(account.address)
    services.confirm_account(account)
    return account


def _is_alive(link: MailedLink) -> bool:
    account = queries.get_account(link.account_id)
    return (
        link.purpose == RESET
        and link.used_at is None
        and link.created_at <= clock.now() + services.CLOCK_SLACK
        and link.expires_at > clock.now()
        and account.is_active
        and _secret_of(link, account) is not None
    )


def _secret_of(link: MailedLink, account: Account) -> str | None:
    """None for a link that fits its account no more."""
    return tokens.private_key_of(link.fingerprint, PURPOSE, *_named(link, account))


def _named(link: MailedLink, account: Account) -> tuple[str | int, ...]:
    """What the secret is made of: the link, the account, its address and its present password, so
    that a new one of either makes another secret. The time to the microsecond keeps a reused row id
    from matching."""
    return (
        link.id,
        link.created_at.isoformat(),
        account.id,
        account.address.email_key,
        account.password_hash or "",
    )


def _use_up_links(account: Account) -> None:
    db.session.execute(
        update(MailedLink)
        .where(MailedLink.account_id == account.id, MailedLink.used_at.is_(None))
        .values(used_at=clock.now())
    )
