"""How many texts are in each lane: never counted further than anybody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, func, literal, select

from app.domains.comments.models import Comment
from app.domains.moderation.models import SavedView
from app.domains.moderation.queue import lanes, sections
from app.domains.moderation.queue.lanes import Condition
from app.domains.moderation.queue.narrowing import conditions
from app.domains.moderation.queue.queries import EVERYWHERE, Seat
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Lane
from app.infra.db import db, rows_of
from app.infra.language import grouped
from app.infra.lately import Lately

COUNTED = 10_000
LANES = tuple(lane for lane in Lane if lane != Lane.DECIDED)
"""Not the decided ones: their number asks nothing of anybody."""


def shown(count: int) -> str:
    """ "1,204", or "10,000+" where the counting stopped."""
    return f"{grouped(COUNTED)}+" if count > COUNTED else grouped(count)


_counted: Lately[dict[str, int]] = Lately()


@dataclass(frozen=True, slots=True)
class OwnList:
    """A list that the viewer keeps: its name, and the wish as an address writes it."""

    name: str
    wish: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SideColumn:
    """What stands beside every list: how many texts each lane has, and the viewer's own lists."""

    counts: dict[str, int]
    views: list[OwnList]


def lane_counts(seat: Seat = EVERYWHERE) -> dict[str, int]:
    """How many texts are in each lane, by its name, as far as `seat` may see them; one more than
    COUNTED stands for all further ones. One query, and none where somebody who sees the same asked
    within the last second."""
    return dict(_counted.get(seat.tag_ids, lambda: _count_lanes(seat.tag_ids)))


def side_column(seat: Seat) -> SideColumn:
    """The counts of the lanes and the viewer's own lists by name. One query for each."""
    views = rows_of(_own_views(), {"viewer": seat.account_id})
    return SideColumn(lane_counts(seat), [OwnList(row.name, row.wish) for row in views])


def _count_lanes(tag_ids: frozenset[int] | None) -> dict[str, int]:
    statement = _everywhere() if tag_ids is None else _counts(sections.within(tag_ids))
    row = rows_of(statement)[0]
    found = {str(lane): getattr(row, lane.name) for lane in LANES}
    if found[Lane.WAITING] <= COUNTED:
        found[Lane.WAITING] -= found[Lane.HELD]
    return found


@cache
def _everywhere() -> Select[*tuple[Any, ...]]:
    return _counts()


@cache
def _own_views() -> Select[str, dict[str, Any]]:
    return (
        select(SavedView.name, SavedView.wish)
        .where(SavedView.account_id == bindparam("viewer"))
        .order_by(func.lower(SavedView.name), SavedView.id)
    )


def _counts(*where: Condition) -> Select[*tuple[Any, ...]]:
    counted = {
        lane: _count((*lanes.LANES[lane], *where), None if where else lanes.INDEXES[lane])
        for lane in LANES
    }
    # Read from the index of the states alone; the few that are held are taken off afterwards.
    index = None if where else lanes.INDEXES[Lane.WAITING]
    counted[Lane.WAITING] = _count((lanes.PENDING, *where), index)
    return select(*(count.label(lane.name) for lane, count in counted.items()))


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
