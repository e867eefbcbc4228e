"""Each lane and order as runs along an index, so that no page of any of them sorts the lane.

What an index covers in part (`WHERE status = 'pending'`) is asked for in the very words of that
index: a value sent beside the statement would not be known to be that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    literal_column,
    text,
    true,
    tuple_,
)
from sqlalchemy.sql.elements import TextClause

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.queue.listed import Listed
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Lane, Order
from app.infra.paging import Key, read_place, write_place

Condition = ColumnElement[bool] | TextClause
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch along an index: what is in it, by what it is ordered, and which way."""

    index: str
    where: tuple[Condition, ...]
    keys: tuple[Key, ...]
    backwards: bool = False

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        return tuple(key.desc() if self.backwards else key.asc() for key in self.keys)

    def values(self, item: Listed) -> tuple[Any, ...]:
        """Where this text stands in the run."""
        return tuple(getattr(item, key.key) for key in self.keys)

    @property
    def parameters(self) -> tuple[BindParameter[Any], ...]:
        """One for each of the values that a page begins after."""
        return tuple(
            bindparam(beginning(number), type_=key.type) for number, key in enumerate(self.keys)
        )

    def beyond(self, values: tuple[Any, ...]) -> ColumnElement[bool]:
        """What comes after the text with these values, in this order."""
        here, there = tuple_(*self.keys), tuple_(*values)
        return here < there if self.backwards else here > there


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a lane begins: after the text with these values, in this run. A deep page
    costs no more than the first."""

    run: int
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.run}_{write_place(self.values)}"


def _is(status: Status) -> Condition:
    return Comment.status == literal_column(f"'{status}'")


def _is_one_of(*states: Status) -> Condition:
    """Said by what it is not, so that no database goes to look for the states first."""
    return Comment.status.not_in([status for status in Status if status not in states])


PENDING = _is(Status.PENDING)
FREE = Comment.held_for_id.is_(None)
RED = text("comment.red_flag")
NOT_RED = text("NOT comment.red_flag")

LANES: dict[Lane, tuple[Condition, ...]] = {
    Lane.WAITING: (PENDING, FREE),
    Lane.RED_FLAG: (RED, PENDING),
    Lane.REPORTED: (
        Comment.reported_at.is_not(None),
        _is_one_of(Status.APPROVED, Status.PENDING),
    ),
    Lane.HELD: (Comment.held_for_id.is_not(None), _is_one_of(Status.PENDING)),
    Lane.RECHECK: (Comment.recheck_at.is_not(None), _is_one_of(Status.APPROVED)),
    Lane.SPAM: (_is(Status.SPAM),),
    Lane.DECIDED: (
        Comment.decided_at.is_not(None),
        _is_one_of(Status.APPROVED, Status.REJECTED, Status.DELETED),
    ),
}
CAME: dict[Lane, Key] = {
    Lane.WAITING: Comment.created_at,
    Lane.RED_FLAG: Comment.created_at,
    Lane.REPORTED: Comment.reported_at,
    Lane.HELD: Comment.id,
    Lane.RECHECK: Comment.recheck_at,
    Lane.SPAM: Comment.created_at,
    Lane.DECIDED: Comment.decided_at,
}
"""By what a lane is ordered, which is when a text came into it."""
INDEXES: dict[Lane, str] = {
    Lane.WAITING: "ix_comment_queue",
    Lane.RED_FLAG: "ix_comment_queue_red_flag",
    Lane.REPORTED: "ix_comment_reported_at",
    Lane.HELD: "ix_comment_held_for_id",
    Lane.RECHECK: "ix_comment_recheck_at",
    Lane.SPAM: "ix_comment_queue",
    Lane.DECIDED: "ix_comment_decided_at",
}
BY_PEOPLE = (Comment.people_waiting, Comment.created_at, Comment.id)


def beginning(number: int) -> str:
    """The name of the parameter with this one of the values that a page begins after."""
    return f"after_{number}"


def is_in(wish: Wish) -> tuple[Condition, ...]:
    """What is in the lane of this wish. One state of the decided lane holds all texts in it, those
    among them that the rules let in."""
    return (_is(wish.state),) if wish.state else LANES[wish.lane]


def runs(wish: Wish, viewer_id: int | BindParameter[int]) -> tuple[Run, ...]:
    """The runs that make up the list, one after the other."""
    inside, order = is_in(wish), wish.read_in
    if order == Order.PEOPLE:
        return (Run("ix_comment_queue_people", inside, BY_PEOPLE),)
    if order == Order.CERTAIN:
        keys = (Comment.certainty, Comment.id)
        return (Run("ix_comment_queue_certainty", inside, keys, backwards=True),)
    index = INDEXES[Lane.SPAM if wish.state else wish.lane]
    if wish.lane == Lane.HELD:
        own = Comment.held_for_id == viewer_id
        others = Comment.held_for_id != viewer_id
        return (
            Run(index, (*inside, own), (Comment.id,)),
            Run(index, (*inside, others), (Comment.held_for_id, Comment.id)),
        )
    by_time = (Comment.created_at if wish.state else CAME[wish.lane], Comment.id)
    if wish.lane == Lane.WAITING and order == Order.OLDEST:
        return (
            Run(INDEXES[Lane.RED_FLAG], (RED, *inside), by_time),
            Run(index, (NOT_RED, *inside), by_time),
        )
    return (Run(index, inside, by_time, backwards=order == Order.NEWEST),)


def came_since(wish: Wish, since: datetime) -> Condition:
    """What came into the lane since then; for the held ones nobody knows when that was."""
    if wish.lane == Lane.HELD:
        return ~true()
    return (Comment.created_at if wish.state else CAME[wish.lane]) > since


def along(statement: Statement, index: str) -> Statement:
    """The same statement, which SQLite is to answer by this index."""
    return statement.with_hint(Comment, f"INDEXED BY {index}", "sqlite")


def place(written: str, lines: tuple[Run, ...]) -> Place | None:
    """The place that an address names; None, which is the beginning, for anything else."""
    number, _, rest = written.partition("_")
    if not (number.isdigit() and len(number) == 1 and int(number) < len(lines)):
        return None
    values = read_place(rest, lines[int(number)].keys)
    return None if values is None else Place(int(number), values)
