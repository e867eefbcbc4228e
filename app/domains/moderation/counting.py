"""How many texts are in each lane: never counted further than anybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Label, Row, ScalarSelect, func, literal, select

from app.domains.comments.models import Comment
from app.domains.moderation import lanes, sections
from app.domains.moderation.lanes import Condition
from app.domains.moderation.models import SavedView
from app.domains.moderation.narrowing import conditions
from app.domains.moderation.queries import EVERYWHERE, Seat
from app.domains.moderation.states import Lane
from app.domains.moderation.wishes import Wish
from app.infra.db import db

COUNTED = 10_000
LANES = tuple(lane for lane in Lane if lane != Lane.DECIDED)
"""Not the decided ones: their number asks nothing of anybody."""


def shown(count: int) -> str:
    """ "1,204", or "10,000+" where the counting stopped."""
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


@dataclass(frozen=True, slots=True)
class SideColumn:
    """What stands beside every list: how many texts each lane has, and the viewer's own lists."""

    counts: dict[str, int]
    views: list[SavedView]


def lane_counts(seat: Seat = EVERYWHERE) -> dict[str, int]:
    """How many texts are in each lane, by its name, as far as `seat` may see them; one more than
    COUNTED stands for all further ones. One query."""
    return _read(db.session.execute(select(*_counts(seat))).one())


def side_column(seat: Seat) -> SideColumn:
    """The counts of the lanes and the viewer's own lists by name. One query."""
    always = select(literal(1).label("one")).subquery()
    rows = db.session.execute(
        select(*_counts(seat), SavedView)
        .select_from(always)
        .outerjoin(SavedView, SavedView.account_id == seat.account_id)
        .order_by(func.lower(SavedView.name), SavedView.id)
    ).all()
    return SideColumn(_read(rows[0]), [row.SavedView for row in rows if row.SavedView])


def _counts(seat: Seat) -> list[Label[int]]:
    where = [] if seat.tag_ids is None else [sections.within(seat.tag_ids)]
    counted = {
        lane: _count((*lanes.LANES[lane], *where), None if where else lanes.INDEXES[lane])
        for lane in LANES
    }
    # Read from the index of the states alone; the few that are held are taken off in `_read`.
    index = None if where else lanes.INDEXES[Lane.WAITING]
    counted[Lane.WAITING] = _count((lanes.PENDING, *where), index)
    return [count.label(lane.name) for lane, count in counted.items()]


def _read(row: Row[*tuple[Any, ...]]) -> dict[str, int]:
    found = {str(lane): getattr(row, lane.name) for lane in LANES}
    if found[Lane.WAITING] <= COUNTED:
        found[Lane.WAITING] -= found[Lane.HELD]
    return found


def count(wish: Wish, seat: Seat) -> int:
    """How many texts a list has; one more than COUNTED stands for all further ones."""
    return (
        db.session.scalar(select(_count((*lanes.is_in(wish), *conditions(wish, seat.tag_ids)))))
        or 0
    )


def _count(where: Sequence[Condition], index: str | None = None) -> ScalarSelect[int]:
    inside = select(literal(1).label("one")).select_from(Comment).where(*where).limit(COUNTED + 1)
    if index is not None:
        inside = lanes.along(inside, index)
    return select(func.count()).select_from(inside.subquery()).scalar_subquery()
