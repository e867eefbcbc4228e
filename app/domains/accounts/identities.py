"""Signing in by an OpenID provider: whom it knows, linked to accounts here.

An identity is the provider's name and its name for somebody. The address that it tells is believed
for a new account alone, and only where nobody has it: no provider takes over what is here already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts import emails, events, mailed_links, naming, queries, services, tries
from app.domains.accounts.errors import (
    AccountShut,
    AddressHasAccount,
    IdentityTaken,
    LastWayIn,
    LinkedAlready,
    NoSuchIdentity,
    NotProvenYet,
)
from app.domains.accounts.factors import services as factors
from app.domains.accounts.models import Account, Identity
from app.domains.accounts.policy import Limit
from app.infra import audit, clock, tokens
from app.infra.db import db
from app.infra.events import record

MOST = 20
"""Identities of one account; a site has one provider at a time."""
ONCE = Limit(1, timedelta(hours=1))
"""How often one way to the provider leads back; longer than any of them is good for."""


def find(issuer: str, subject: str) -> Identity | None:
    """Whose identity this is, if anybody's."""
    known = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return db.session.scalar(known)


def identities_of(account: Account) -> Sequence[Identity]:
    """The identities that may sign in to an account: one of each provider the site ever had."""
    own = select(Identity).where(Identity.account_id == account.id)
    return db.session.scalars(own.order_by(Identity.id).limit(MOST)).all()


def take_way_back(state: str) -> bool:
    """Whether this is the first time that a way to the provider, known by its state, leads back."""
    limits = {f"openid:{tokens.fingerprint(state)[:40]}": ONCE}
    tries.take_turns(limits)
    return tries.count_if_it_fits(limits)


def enter(identity: Identity) -> Account:
    """Whom this identity signs in; the caller begins the session. Raises AccountShut, and
    NoSuchIdentity where it was unlinked at the same moment."""
    factors.wait_turn(identity.account_id)
    if find(identity.issuer, identity.subject) is None:
        raise NoSuchIdentity
    if not identity.account.is_active:
        raise AccountShut
    identity.used_at = clock.now()
    db.session.flush()
    return identity.account


def refuse_known(email: str) -> None:
    """Raises AddressHasAccount where an account has this address or may take it back, UnfitEmail
    where mail cannot reach it."""
    address = queries.find_address(emails.read_email(email))
    if address is None:
        return
    if queries.find_account_of(address) is not None or queries.is_kept_back(address):
        raise AddressHasAccount


def register(*, name: str, email: str, issuer: str, subject: str) -> Account:
    """A new reader's account for somebody whom a provider knows by an address that it verified.

    The account is proven by that, unless somebody proved the address here before, as a guest: what
    they have here is theirs until the mailed link is opened. Raises NameTaken, MixedAlphabets,
    UnfitEmail, AddressHasAccount, IdentityTaken.
    """
    naming.refuse_for_reader(name)
    refuse_known(email)
    address = services.claim_address(emails.read_email(email))
    account = services.add_reader(name, address)
    _add(account, issuer, subject).used_at = clock.now()
    if address.is_proven:
        services.ask_for_proof(address, "sign-up")
    else:
        address.proven_at = clock.now()
        services.confirm_account(account)
    return account


def refuse_to_link(account: Account, issuer: str) -> None:
    """Raises NotProvenYet where the account may be a stranger's, who signed up with an address to
    wait for its owner, and LinkedAlready."""
    if not account.is_proven:
        raise NotProvenYet
    if any(one.issuer == issuer for one in identities_of(account)):
        raise LinkedAlready


def link(account: Account, issuer: str, subject: str, *, provider: str) -> None:
    """Let whom the provider knows so sign in to the account; its owner is mailed. `provider` is
    what people call it. Raises what `refuse_to_link` raises, and IdentityTaken."""
    factors.take_turn(account)  # or who is thrown out at this moment would keep what they link
    refuse_to_link(account, issuer)
    _add(account, issuer, subject)
    audit.write("link", "account", account.id, by=account, detail={"after": issuer})
    not_me = mailed_links.make(mailed_links.NOT_ME, account)
    record(events.IdentityLinked(not_me.id, provider))


def unlink(account: Account, identity_id: int, *, called: Mapping[str, str]) -> None:
    """Let it sign in no more; the account's owner is mailed. `called` is what people call an
    issuer, where it is known here. Raises NoSuchIdentity, and LastWayIn where neither a password
    nor a link to a proven address would let the owner in."""
    own = (Identity.id == identity_id, Identity.account_id == account.id)
    identity = db.session.scalar(select(Identity).where(*own))
    if identity is None:
        raise NoSuchIdentity
    if account.password_hash is None and not account.is_proven:
        raise LastWayIn
    issuer = identity.issuer
    db.session.delete(identity)
    db.session.flush()
    audit.write("unlink", "account", account.id, by=account, detail={"before": issuer})
    not_me = mailed_links.make(mailed_links.NOT_ME, account)
    record(events.IdentityUnlinked(not_me.id, called.get(issuer, issuer)))


def forget_all(account: Account) -> None:
    """None of them signs in any more: somebody else may have linked them."""
    db.session.execute(delete(Identity).where(Identity.account_id == account.id))


def _add(account: Account, issuer: str, subject: str) -> Identity:
    identity = Identity(account_id=account.id, issuer=issuer, subject=subject)
    try:
        with db.session.begin_nested():
            db.session.add(identity)
    except IntegrityError as taken:
        raise IdentityTaken from taken
    return identity
