"""Addresses on which nothing hangs any more: they are forgotten, as readers are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Column, exists, select

from app.domains.accounts import mail_stops, sealed
from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import Address
from app.infra import clock
from app.infra.db import Base, db
from app.infra.unit_of_work import unit_of_work

REST = timedelta(days=30)
"""No address goes sooner after it was first typed: its owner may be about to open a link."""
PIECE = 500


def forget_addresses() -> int:
    """How many were forgotten. Looks through all addresses; commits by itself, some at a time."""
    gone, last = 0, 0
    while ids := _loose_ones(last):
        db.session.rollback()
        gone += _forget(ids)
        last = ids[-1]
    db.session.rollback()
    return gone


def _loose_ones(last: int) -> list[int]:
    """The next after the one of that id, in the order of their ids. Asked address by address, by an
    index of each table, so that those in use cost no statement of their own."""
    wanted = select(Address.id).where(
        Address.id > last,
        Address.created_at < clock.now() - REST,
        Address.email != sealed.EMAIL,
        *(~exists().where(column == Address.id) for column in _pointing_here()),
    )
    return list(db.session.scalars(wanted.order_by(Address.id).limit(PIECE)))


def _forget(ids: Collection[int]) -> int:
    """Looked at once more with the rows held, since somebody may have typed one just now."""
    with unit_of_work():
        held = select(Address).where(Address.id.in_(_without_use(ids))).order_by(Address.id)
        return _empty(db.session.scalars(held.with_for_update()).all())


def forget_these(ids: Collection[int]) -> None:
    """Those of these on which nothing hangs, at once and in the caller's transaction: an account
    had them, or wanted them, and is erased."""
    if not ids:
        return
    found = select(Address).where(Address.id.in_(ids), Address.email != sealed.EMAIL)
    _empty(db.session.scalars(found.order_by(Address.id)).all())


def _empty(addresses: Sequence[Address]) -> int:
    loose = _without_use([one.id for one in addresses])
    for address in addresses:
        if address.id in loose:
            mail_stops.lift(address.id)
            sealed.empty(address)
    return len(loose)


def _without_use(ids: Collection[int]) -> set[int]:
    used: set[int] = set()
    for column in _pointing_here():
        used.update(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return set(ids) - used


def _pointing_here() -> list[Column[int]]:
    """Every column of the database that names an address, but for one: that mail came back from it
    would keep the address of a mailbox that is gone for good."""
    number = Base.metadata.tables[Address.__tablename__].c.id
    return [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is number and table.name != MailStop.__tablename__
    ]
