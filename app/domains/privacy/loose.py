"""Addresses on which nothing hangs any more: they are forgotten, as readers are told."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import Column, select

from app.domains.accounts import sealed
from app.domains.accounts.models import Address
from app.infra import clock
from app.infra.db import Base, db
from app.infra.unit_of_work import unit_of_work

REST = timedelta(days=30)
"""No address goes sooner after it was first typed: its owner may be about to open a link."""
PIECE = 500


def forget_addresses() -> int:
    """How many were forgotten. Walks all addresses, some at a time; commits by itself."""
    gone, last = 0, 0
    while ids := _next(last):
        db.session.rollback()
        if _without_use(ids):
            gone += _forget(ids)
        last = ids[-1]
    db.session.rollback()
    return gone


def _next(last: int) -> list[int]:
    wanted = select(Address.id).where(
        Address.id > last,
        Address.created_at < clock.now() - REST,
        Address.email != sealed.EMAIL,
    )
    return list(db.session.scalars(wanted.order_by(Address.id).limit(PIECE)))


def _forget(ids: Collection[int]) -> int:
    """Looked at once more with the rows held, since somebody may have typed one just now."""
    with unit_of_work():
        held = select(Address).where(Address.id.in_(_without_use(ids))).order_by(Address.id)
        addresses = {one.id: one for one in db.session.scalars(held.with_for_update())}
        loose = _without_use(addresses)
        for number in loose:
            sealed.empty(addresses[number])
    return len(loose)


def _without_use(ids: Collection[int]) -> set[int]:
    used: set[int] = set()
    for column in _pointing_here():
        used.update(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return set(ids) - used


def _pointing_here() -> list[Column[int]]:
    """Every column of the database that names an address."""
    number = Base.metadata.tables[Address.__tablename__].c.id
    return [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is number
    ]
