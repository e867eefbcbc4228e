"""After a backup was put back: whoever was erased since it was made is erased again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app.domains.accounts import sealed
from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.privacy import erased_list, erasing, leaving
from app.domains.privacy.errors import NobodyToGiveTo
from app.domains.privacy.models import Erasure
from app.infra import clock
from app.infra.db import db, is_postgresql
from app.infra.unit_of_work import unit_of_work

GAP = 100_000
"""More than come between a backup and its use; PostgreSQL has numbers for 20,000 restores."""


def erase_again(lines: Iterable[str]) -> int:
    """Go through the list (`erased_list`); how many came back with the backup and are gone again.
    Commits by itself; safe to repeat. Who is not in the list's numbers with the very key is left
    alone: a number may be somebody else's by now. Raises NobodyToGiveTo."""
    gone = 0
    for facts in erased_list.read("\n".join(dict.fromkeys(lines))):
        number = _kept(facts)
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


def _kept(facts: Mapping[str, Any]) -> int | None:
    """Write down an erasure that the backup does not know; its number where it is to be done."""
    with unit_of_work():
        known = select(Erasure).where(
            Erasure.address_key == facts["key"], Erasure.taken_back_at.is_(None)
        )
        erasure = db.session.scalar(known.order_by(Erasure.id.desc()).limit(1))
        is_back = _is_back(facts)
        if erasure is None:
            erasure = Erasure(
                account_id=_number(facts, "account"),
                address_id=_number(facts, "address"),
                address_key=facts["key"],
                due_at=clock.now(),
            )
            db.session.add(erasure)
        erasure.done_at = None if is_back else erasure.done_at or _when(facts)
        db.session.flush()
        return erasure.id if is_back else None


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


def _is_back(facts: Mapping[str, Any]) -> bool:
    number = _number(facts, "account")
    if number is not None:
        account = db.session.get(Account, number)
        return account is not None and leaving.is_of(facts["key"], account, account.address)
    address = db.session.get(Address, _number(facts, "address") or 0)
    return address is not None and leaving.is_of(facts["key"], None, address)


def _number(facts: Mapping[str, Any], name: str) -> int | None:
    found = facts.get(name)
    return found if isinstance(found, int) else None


def _when(facts: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(facts.get("at")))
    except ValueError:
        return clock.now()
