"""Who follows what."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.infra.db import db
from app.notifications.following import things
from app.notifications.following.services import MOST
from app.notifications.following.states import Often, Thing
from app.notifications.following.things import COLUMNS, Followed
from app.notifications.models import Follow


@dataclass(frozen=True, slots=True)
class Following:
    """One thing that somebody follows; `now` is None while it is not for everyone to read, and its
    followers hear nothing of it."""

    name: str
    now: Followed | None
    often: Often
    since: datetime


def how_often(address_ids: Collection[int], thing: Thing, thing_id: int) -> Often | None:
    """How often one of these addresses hears of the thing; None where none follows it."""
    often = db.session.scalar(
        select(Follow.often)
        .where(Follow.address_id.in_(address_ids), COLUMNS[thing] == thing_id)
        .order_by(Follow.id)
        .limit(1)
    )
    return Often(often) if often is not None else None


def all_of(address_ids: Collection[int]) -> list[Following]:
    """All that these addresses follow, the newest first, each thing once. A query for the rows and
    one for each sort of thing."""
    rows = {things.of(row): row for row in reversed(_rows(address_ids))}
    now = {
        thing: things.find_all(thing, [thing_id for kind, thing_id in rows if kind == thing])
        for thing in {kind for kind, _ in rows}
    }
    return [
        Following(
            f"{thing}-{thing_id}", now[thing].get(thing_id), Often(row.often), row.confirmed_at
        )
        for (thing, thing_id), row in reversed(rows.items())
    ]


def _rows(address_ids: Collection[int]) -> Sequence[Follow]:
    return db.session.scalars(
        select(Follow)
        .where(Follow.address_id.in_(address_ids))
        .order_by(Follow.confirmed_at.desc(), Follow.id.desc())
        .limit(MOST)
    ).all()
