"""After a backup was put back: whoever was erased since it was made is erased again."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, update

from app.domains.accounts import sealed
from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.privacy import erasing, leaving
from app.domains.privacy.erased_list import Entry
from app.domains.privacy.errors import NobodyToGiveTo
from app.domains.privacy.models import Erasure
from app.infra import clock
from app.infra.db import db, is_postgresql
from app.infra.unit_of_work import unit_of_work

GAP = 100_000
"""More than come between a backup and its use; PostgreSQL has numbers for 20,000 restores."""


def erase_again(entries: Iterable[Entry]) -> int:
    """Go through the list (`erased_list`); how many came back with the backup and are gone again.
    Commits by itself; safe to repeat. Who is not in the list's numbers with the very key is left
    alone: a number may be somebody else's by now. Raises NobodyToGiveTo."""
    gone = 0
    for entry in entries:
        number = _kept(entry)
        if number is not None:
            _give_articles_away(number)
            erasing.erase(number, tell=False)  # they were told when it was done first
            gone += 1
    return gone


def skip_numbers() -> None:
    """Give the numbers of addresses that came after the backup to nobody else: browsers remember
    by them whose link was opened there. Commits by itself; safe to repeat."""
    with unit_of_work():
        last = db.session.scalar(select(func.max(Address.id))) or 0
        name = f"gap {last + GAP}"
        gap = Address(id=last + GAP, email=name, email_key=name)
        db.session.add(gap)
        db.session.flush()
        sealed.empty(gap)
        if is_postgresql():
            counter = func.pg_get_serial_sequence(Address.__tablename__, "id")
            db.session.execute(select(func.setval(counter, gap.id)))


def _kept(entry: Entry) -> int | None:
    """Write down an erasure that the backup does not know; its number where it is to be done."""
    with unit_of_work():
        known = select(Erasure).where(
            Erasure.address_key == entry.key, Erasure.taken_back_at.is_(None)
        )
        erasure = db.session.scalar(known.order_by(Erasure.id.desc()).limit(1))
        is_back = _is_back(entry) and not _came_again(entry, erasure)
        if erasure is None:
            erasure = Erasure(
                account_id=entry.account,
                address_id=entry.address,
                address_key=entry.key,
                due_at=clock.now(),
            )
            db.session.add(erasure)
        erasure.done_at = None if is_back else erasure.done_at or entry.at
        db.session.flush()
        return erasure.id if is_back else None


def _came_again(entry: Entry, erasure: Erasure | None) -> bool:
    """Whether the backup knows that this guest was erased, and has them since they typed it
    anew: by a ban the address has its old number. An account never comes again under its number."""
    done_at = erasure.done_at if erasure is not None else None
    return entry.account is None and done_at is not None and done_at >= entry.at


def _give_articles_away(number: int) -> None:
    """Nobody was erased while articles stood under their name; in the backup they may still. They
    go to the admin who is here longest."""
    with unit_of_work():
        theirs = db.session.get_one(Erasure, number).account_id
        oldest = select(Account.id).where(Account.role == Role.ADMIN, Account.id != theirs)
        admin = db.session.scalar(oldest.order_by(Account.id).limit(1))
        written = Article.author_id == theirs
        if theirs is None or db.session.scalar(select(Article.id).where(written).limit(1)) is None:
            return
        if admin is None:
            raise NobodyToGiveTo
        given = update(Article).where(written).values(author_id=admin)
        db.session.execute(given, execution_options={"synchronize_session": False})


def _is_back(entry: Entry) -> bool:
    if entry.account is not None:
        account = db.session.get(Account, entry.account)
        return account is not None and leaving.is_of(entry.key, account, account.address)
    address = db.session.get(Address, entry.address or 0)
    return address is not None and leaving.is_of(entry.key, None, address)
