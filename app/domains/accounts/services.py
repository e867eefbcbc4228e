"""Accounts and addresses: claiming, proving, signing up, roles. Verbs that flush, never commit.

Beside this: `sessions` (signing in and out) and `recovery` (passwords changed and reset).
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from app.domains.accounts import events, mail_stops, naming, queries, sealed, tries
from app.domains.accounts.errors import EmailTaken, NameTaken, UnfitEmail
from app.domains.accounts.models import Account, Address, LoginSession
from app.domains.accounts.policy import CLOCK_SLACK
from app.domains.accounts.states import Role
from app.engines.text.slug import UNTITLED, slugify
from app.infra import audit, clock, tokens
from app.infra.db import adding, db, is_postgresql, rows_of, write_rows
from app.infra.events import record

PROOF_LIFE = timedelta(hours=1)
USERNAME_LENGTH = 40


class Proof(Enum):
    """What a key from a mailed link is worth: it fits, it fitted once, or it never did."""

    FITS = "fits"
    LATE = "late"
    WRONG = "wrong"


def claim_address(email: str) -> Address:
    """The address with this e-mail, made when it is new. It is a claim and opens nothing.

    Raises UnfitEmail for what no database would take; whether mail can reach it is asked where it
    is typed (`emails.read_email`).
    """
    key = queries.email_key(email)
    if not key:
        raise UnfitEmail
    known = select(Address).where(Address.email_key.in_(sealed.keys_of(key)))
    address = db.session.scalar(known)
    if address is not None and address.email_key != key:
        sealed.unseal(address.id, email, key)
    if address is None:
        try:
            with db.session.begin_nested():
                address = Address(email=email.strip(), email_key=key)
                db.session.add(address)
        except IntegrityError:  # somebody else claimed it in the same moment
            address = db.session.scalars(known).one()
    return address


def claim(email: str) -> int:
    """The id of the address with this e-mail, likewise; for those who want nothing else of it."""
    key = queries.email_key(email)
    if not key:
        raise UnfitEmail
    keys = {"keys": sealed.keys_of(key)}
    known = rows_of(_of_keys(), keys)
    if not known:
        values = {"email": email.strip(), "email_key": key}
        made = write_rows(_claiming(postgres=is_postgresql()), values).scalar()
        if made is not None:
            return int(made)
        known = rows_of(_of_keys(), keys)
    ((address_id, stored),) = known
    if stored != key:
        sealed.unseal(address_id, email, key)
    return address_id


@cache
def _claiming(*, postgres: bool) -> ReturningInsert[int]:
    return adding(Address, postgres=postgres).on_conflict_do_nothing().returning(Address.id)


@cache
def _of_keys() -> Select[int, str]:
    keys: BindParameter[Any] = bindparam("keys", expanding=True)
    return select(Address.id, Address.email_key).where(Address.email_key.in_(keys))


def ask_for_proof(address: Address, why: str) -> bool:
    """Have the address mailed a link that proves it; False when it had enough mails today."""
    if not tries.may_mail(address):
        return False
    record(events.AddressClaimed(address.id, why))
    return True


def proof_key(address: Address) -> str:
    """The key of a link that proves this address: good for an hour from now and for one use."""
    issued = f"{int(clock.now().timestamp()):x}"
    return f"{issued}-{tokens.private_key('prove', address.id, address.nonce, issued)}"


def check_proof(address: Address, key: str) -> Proof:
    """What a key that somebody came with is worth for this address."""
    issued, _, proof = key.partition("-")
    if not tokens.opens(proof, "prove", address.id, address.nonce, issued):
        return Proof.WRONG
    age = clock.now().timestamp() - int(issued, 16)
    fresh = -CLOCK_SLACK.total_seconds() <= age <= PROOF_LIFE.total_seconds()
    return Proof.FITS if fresh else Proof.LATE


def unsubscribe_key(address: Address, topic: str) -> str:
    """The key of a link that ends mails of one topic; it does not wear out."""
    return tokens.private_key("unsubscribe", address.id, address.email_key, topic)


def may_unsubscribe(address: Address, topic: str, key: str) -> bool:
    """Whether somebody came with that key."""
    return tokens.opens(key, "unsubscribe", address.id, address.email_key, topic)


def prove_address(address: Address) -> None:
    """Its owner followed a mailed link, so mail reaches it. All links mailed so far are used up by
    that."""
    address.proven_at = address.proven_at or clock.now()
    address.nonce = tokens.new_nonce()
    mail_stops.lift(address.id)
    db.session.flush()


def confirm_account(account: Account) -> None:
    """Whoever signs in to this account also opened a link mailed to its address."""
    if account.proven_at is None:
        account.proven_at = clock.now()
        record(events.AccountConfirmed(account.id))
    db.session.flush()


def register(
    *, name: str, email: str, password_hash: str | None, wanted: str = ""
) -> Account | None:
    """A new reader's account, unproven, with a link to prove it on its way, which signs in as well
    where there is no password and leads to the path `wanted`. None when the address has an account:
    that one's owner is told by mail, and the visitor gets the same answer.

    Raises what `naming.refuse_for_reader` raises.
    """
    naming.refuse_for_reader(name)
    address = claim_address(email)
    owner = queries.find_account_of(address)
    if owner is not None:
        if tries.may_mail(address):
            record(events.SignUpOnKnownAddress(owner.id))
        return None
    if queries.is_kept_back(address):
        return None
    account = add_reader(name, address, password_hash)
    if password_hash is None:
        record(events.SignInLinkAsked(address.email, wanted))
    else:
        ask_for_proof(address, "sign-up")
    return account


def add_reader(name: str, address: Address, password_hash: str | None = None) -> Account:
    """An unproven reader with a name that may be had and an address that nobody has; the caller
    sees to the proof. Raises NameTaken."""
    return _add(name, address, password_hash, Role.READER, free_username(name))


def create_staff(
    *,
    name: str,
    email: str,
    password_hash: str,
    role: Role,
    username: str | None = None,
    bio: str = "",
    by: Account | None = None,
) -> Account:
    """An account of any role whose address is taken for proven, made by somebody who may.

    Raises NameTaken, EmailTaken.
    """
    wanted = slugify(username, USERNAME_LENGTH) if username else free_username(name)
    if queries.name_is_taken(name) or queries.find_by_username(wanted):
        raise NameTaken
    address = claim_address(email)
    if queries.find_account_of(address) is not None:
        raise EmailTaken
    account = _add(name, address, password_hash, role, wanted)
    account.bio = bio
    prove_address(address)
    confirm_account(account)
    _write("create", account, by, to_state=role)
    return account


def bring_in_author(*, name: str, address: Address, username: str) -> Account:
    """An author of another site: without a password and unproven, so that nobody signs in as them
    before a link mailed to this address was followed. Raises NameTaken."""
    account = _add(name, address, None, Role.AUTHOR, username)
    _write("create", account, None, to_state=Role.AUTHOR, actor_name="import")
    return account


def _add(
    name: str, address: Address, password_hash: str | None, role: Role, username: str
) -> Account:
    account = Account(
        username=username,
        name=name,
        name_key=queries.name_key(name),
        address=address,
        password_hash=password_hash,
        role=role,
    )
    try:
        with db.session.begin_nested():
            db.session.add(account)
    except IntegrityError as taken:  # somebody else took the name in the same moment
        raise NameTaken from taken
    return account


def free_username(name: str) -> str:
    """A username made of a name, with a number where somebody has it already."""
    base = slugify(name, USERNAME_LENGTH - 4)
    base = "reader" if base == UNTITLED else base
    taken = set(
        db.session.scalars(
            select(Account.username).where(Account.username.startswith(base, autoescape=True))
        )
    )
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (base, *numbered) if one not in taken)


def change_profile(account: Account, *, name: str, bio: str) -> None:
    """Raises what `naming.rename` raises."""
    if name != account.name:
        naming.rename(account, name)
    account.bio = bio
    db.session.flush()


def change_role(account: Account, role: Role, *, by: Account | None = None) -> None:
    """Give an account another role; every browser signs in anew, so that none keeps the old."""
    before, account.role = account.role, role
    _end_all_sessions(account)
    _write("role", account, by, from_state=before, to_state=role)


def disable(account: Account, *, by: Account | None = None) -> None:
    """Shut an account out at once; what it wrote stays."""
    account.disabled_at = account.disabled_at or clock.now()
    _end_all_sessions(account)
    _write("disable", account, by, to_state="disabled")


def enable(account: Account, *, by: Account | None = None) -> None:
    account.disabled_at = None
    _write("enable", account, by, to_state="enabled")


def _end_all_sessions(account: Account) -> None:
    db.session.execute(delete(LoginSession).where(LoginSession.account_id == account.id))


def _write(
    act: str,
    account: Account,
    by: Account | None,
    *,
    from_state: str | None = None,
    to_state: str | None = None,
    actor_name: str = "command line",
) -> None:
    audit.write(
        act,
        "account",
        account.id,
        by=by,
        actor_name=actor_name,
        from_state=from_state,
        to_state=to_state,
    )
