"""Somebody wants to be erased: asked for, taken back within a day, and refused to those on whom
something hangs that must be given to others first.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.domains.accounts import new_address
from app.domains.accounts.models import Account, Address
from app.domains.articles.models import Article
from app.domains.privacy import events
from app.domains.privacy.errors import ErasureBegun, ErasureWaits, HasArticles, IsOfTheTeam
from app.domains.privacy.models import Erasure
from app.domains.privacy.persons import Person
from app.infra import audit, clock, jobs, locks, tokens
from app.infra.db import db
from app.infra.events import record

JOB = "privacy.erase"
WAIT = timedelta(hours=24)


def ask(person: Person, *, by: Account | None = None) -> Erasure:
    """Have somebody erased in a day. `by` is the admin who does it for them, at their wish.

    Raises IsOfTheTeam, HasArticles, ErasureWaits."""
    locks.take([f"{JOB} {person.account_id} {person.address_id}"])
    account = _account_of(person)
    if account is not None:
        _refuse_needed(account)
    if find(person) is not None:
        raise ErasureWaits
    address = account.address if account is not None else _address_of(person)
    now = clock.now()
    due_at = _due_at(account, now)
    erasure = Erasure(
        account_id=person.account_id,
        address_id=person.address_id,
        address_key=key_of(account, address),
        asked_at=now,
        due_at=due_at,
    )
    db.session.add(erasure)
    if account is not None:
        account.leaving_at = erasure.due_at
    db.session.flush()
    after = due_at - now
    jobs.enqueue(JOB, {"erasure_id": erasure.id}, after=after, unique_key=f"{JOB}:{erasure.id}")
    if by is not None:
        audit.write("ask to erase", "erasure", erasure.id, by=by)
    record(events.ErasureAsked(erasure.id))
    return erasure


def _due_at(account: Account | None, now: datetime) -> datetime:
    """In a day; and not before the owner of the address that the account had can take that back:
    who stole an account could otherwise have it erased before its owner reads of it."""
    kept_until = new_address.taken_back_until(account) if account is not None else None
    return max(now + WAIT, kept_until or now)


def later_than_a_day(person: Person) -> datetime | None:
    """When this person would be erased, where that is later than a day after asking now."""
    now = clock.now()
    due_at = _due_at(_account_of(person), now)
    return due_at if due_at > now + WAIT else None


def find(person: Person) -> Erasure | None:
    """What is to be done about this person, unless it was taken back."""
    mine = (
        Erasure.address_id == person.address_id
        if person.is_guest
        else Erasure.account_id == person.account_id
    )
    return db.session.scalar(
        select(Erasure)
        .where(mine, Erasure.taken_back_at.is_(None), Erasure.done_at.is_(None))
        .order_by(Erasure.id.desc())
        .limit(1)
    )


def take_back(erasure: Erasure, *, by: Account | None = None) -> None:
    """Nothing is erased. Raises ErasureBegun once it is too late."""
    db.session.refresh(erasure, with_for_update=True)
    if erasure.taken_back_at is not None:
        return
    if erasure.begun_at is not None or erasure.done_at is not None:
        raise ErasureBegun
    erasure.taken_back_at = clock.now()
    account = _account_of(Person(erasure.account_id, erasure.address_id))
    if account is not None:
        account.leaving_at = None
    db.session.flush()
    if by is not None:
        audit.write("keep from erasing", "erasure", erasure.id, by=by)


def secret_of(erasure: Erasure) -> str:
    """For the link in the mail, by which it is taken back without signing in."""
    return tokens.private_key("take back", erasure.id, erasure.asked_at.isoformat())


def opened(erasure_id: int, secret: str) -> Erasure:
    """What this link is about. Raises ErasureBegun where it is over or never was."""
    erasure = db.session.get(Erasure, erasure_id)
    if erasure is None or not tokens.opens(
        secret, "take back", erasure.id, erasure.asked_at.isoformat()
    ):
        raise ErasureBegun
    if erasure.begun_at is not None or erasure.done_at is not None:
        raise ErasureBegun
    return erasure


def key_of(account: Account | None, address: Address) -> str:
    """By what somebody who was erased is known again, should a backup bring them back: the account
    by when it was made, whatever its address was at the time; a guest by the address."""
    return tokens.private_key(*_named(account, address))


def is_of(key: str, account: Account | None, address: Address) -> bool:
    return tokens.opens(key, *_named(account, address))


def _named(account: Account | None, address: Address) -> tuple[str, str]:
    if account is not None:
        return "erased account", f"{account.id} {account.created_at.isoformat()}"
    return "erased address", address.email_key


def _account_of(person: Person) -> Account | None:
    return db.session.get(Account, person.account_id) if person.account_id is not None else None


def _address_of(person: Person) -> Address:
    return db.session.get_one(Address, person.address_id)


def is_needed(erasure: Erasure) -> bool:
    """Whether something hangs on this person that was given to them since they asked."""
    account = _account_of(Person(erasure.account_id, erasure.address_id))
    try:
        if account is not None:
            _refuse_needed(account)
    except (IsOfTheTeam, HasArticles):
        return True
    return False


def _refuse_needed(account: Account) -> None:
    """Whoever works here first gives that up, so that a site never loses its last admin; and a
    published article has an author."""
    if account.is_staff:
        raise IsOfTheTeam
    written = select(Article.id).where(Article.author_id == account.id).limit(1)
    if db.session.scalar(written) is not None:
        raise HasArticles
