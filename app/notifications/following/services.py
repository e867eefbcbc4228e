"""Beginning and ending to follow. Verbs that flush, never commit."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from app.domains.accounts import tries
from app.domains.accounts.models import Address
from app.infra import clock
from app.infra.db import adding, db
from app.infra.jobs import enqueue
from app.notifications.following import things
from app.notifications.following.errors import FollowsTooMuch
from app.notifications.following.states import Often, Thing
from app.notifications.following.things import COLUMNS
from app.notifications.models import Follow
from app.notifications.states import Mail

MOST = 200
"""Things that one address can follow."""


def ask(address: Address, thing: Thing, thing_id: int, often: Often) -> None:
    """Mail the link by which the owner of a typed address says so, within what a stranger can have
    sent to one address a day (S15). Nothing is kept of it but the mail's own row."""
    if tries.may_mail(address):
        payload = {"address_id": address.id, "thing": thing, "thing_id": thing_id, "often": often}
        enqueue(Mail.FOLLOW, payload)


def follow(address_id: int, thing: Thing, thing_id: int, often: Often) -> None:
    """Its owner has said so: write to this address about what is new there, this often. Repeatable;
    the last word on how often holds. Raises FollowsTooMuch."""
    column = COLUMNS[thing]
    theirs = select(Follow.id).where(Follow.address_id == address_id)
    is_new = db.session.scalar(theirs.where(column == thing_id)) is None
    if is_new and len(db.session.scalars(theirs.limit(MOST)).all()) >= MOST:
        raise FollowsTooMuch
    db.session.execute(
        adding(Follow)
        .values(
            {
                "address_id": address_id,
                column.key: thing_id,
                "often": often,
                "confirmed_at": clock.now(),
            }
        )
        .on_conflict_do_update(
            index_elements=[column.key, "address_id"], set_={"often": str(often)}
        )
    )


def move(from_id: int, to_id: int) -> None:
    """What one address follows is followed by another of the same person; where it does so already,
    it hears as often as it did."""
    there = {things.of(row) for row in _rows(to_id)}
    for row in _rows(from_id):
        if things.of(row) in there:
            db.session.delete(row)
        else:
            row.address_id = to_id
    db.session.flush()


def _rows(address_id: int) -> list[Follow]:
    return list(db.session.scalars(select(Follow).where(Follow.address_id == address_id)))


def end(address_ids: Collection[int], thing: Thing, thing_id: int) -> None:
    """No more mail about this thing to these addresses. Repeatable."""
    theirs = Follow.address_id.in_(address_ids)
    db.session.execute(delete(Follow).where(theirs, COLUMNS[thing] == thing_id))


def end_all(address_ids: Collection[int]) -> None:
    """No more mail about anything that these addresses follow. Repeatable."""
    db.session.execute(delete(Follow).where(Follow.address_id.in_(address_ids)))
