"""What the desk shows. The queue is a query over comments, never a copy of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF
from app.domains.comments.models import Comment, CommentRevision
from app.domains.moderation.queue import lanes, listed, sections
from app.domains.moderation.queue.lanes import BY_PEOPLE, Condition, Place, Run
from app.domains.moderation.queue.listed import Listed
from app.domains.moderation.queue.narrowing import conditions
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.states import Order
from app.infra import clock
from app.infra.db import db, rows_of

ITEMS_A_PAGE = 20
"""Each is drawn whole; the next are fetched while these are decided."""
MOST_NEW = 100
FADES_AFTER = timedelta(minutes=2)
"""How long after somebody opened a text the others see that."""
WAITING = Wish()


@dataclass(frozen=True, slots=True)
class Seat:
    """Who looks at the desk, and the ids of the tags they are limited to (None: everywhere)."""

    account_id: int = 0
    tag_ids: frozenset[int] | None = None


EVERYWHERE = Seat()
"""For what no moderator in particular asks."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a lane: its texts, and where the next page begins (None: nowhere)."""

    items: list[Listed]
    more: Place | None


def seat_of(account: Account) -> Seat:
    return Seat(account.id, sections.of(account))


def queue(
    wish: Wish = WAITING,
    *,
    seat: Seat = EVERYWHERE,
    after: Place | None = None,
    size: int = ITEMS_A_PAGE,
) -> Page:
    """A page of a list. Articles, parents, senders and the ids of tags come with it. One query;
    in the order of people waiting four at most."""
    narrow = conditions(wish, seat.tag_ids)
    lines = lanes.runs(wish, seat.account_id)
    if wish.read_in == Order.PEOPLE:
        ids = _by_people(lines[0], narrow, after, size + 1)
        found = sorted(_texts(ids, seat), key=lambda item: ids.index(item.id))
    else:
        run = after.run if after else None
        if narrow:
            statement = listed.statement(_along(lines, narrow, run, size + 1))
        else:
            statement = _whole_lane(wish, run, size + 1)
        values = enumerate(after.values if after else ())
        found = _asked(
            statement, seat, {lanes.beginning(number): value for number, value in values}
        )
        found = _in_order(found, lines)
    more = None
    if len(found) > size:
        last = found[size - 1]
        more = Place(last.run, lines[last.run].values(last))
    return Page(found[:size], more)


def arrived(wish: Wish, *, seat: Seat, since: datetime, size: int = MOST_NEW) -> list[int]:
    """The ids of the texts that came into a list since then, the first of them first."""
    came = Comment.created_at if wish.state else lanes.CAME[wish.lane]
    found = db.session.scalars(
        select(Comment.id)
        .where(*lanes.is_in(wish), lanes.came_since(wish, since))
        .where(*conditions(wish, seat.tag_ids))
        .order_by(came, Comment.id)
        .limit(size)
    )
    return list(found)


def these(comment_ids: Sequence[int], *, seat: Seat) -> Page:
    """These texts with all that a page of the list brings, whatever lane they are in by now; those
    outside of the seat's sections are left out."""
    within = [] if seat.tag_ids is None else [sections.within(seat.tag_ids)]
    return Page(_texts(comment_ids, seat, *within), None)


@lru_cache(maxsize=256)
def _whole_lane(wish: Wish, run: int | None, limit: int) -> Select[*tuple[Any, ...]]:
    """The statement for a page of a list without filters, put together once in each process."""
    viewer = bindparam("viewer", type_=Integer)
    return listed.statement(_along(lanes.runs(wish, viewer), (), run, limit))


def _along(
    lines: Sequence[Run], narrow: Sequence[Condition], after: int | None, limit: int
) -> Subquery:
    """The ids of the next texts of the runs, the second filling what the first leaves; from the
    beginning, or in the run `after` from the values of the parameters `lanes.beginning`."""
    parts: list[CTE] = []
    for number, run in enumerate(lines):
        if after is not None and number < after:
            continue
        part = select(Comment.id, literal(number).label("run")).where(*run.where, *narrow)
        if number == after:
            part = part.where(run.beyond(run.parameters))
        if not narrow:
            part = lanes.along(part, run.index)
        parts.append(part.order_by(*run.order).limit(limit).cte())
    first, *second = parts
    if not second:
        return select(first).subquery()
    room = literal(limit) - select(func.count()).select_from(first).scalar_subquery()
    rest = select(second[0]).limit(room).subquery()
    return union_all(select(first), select(rest)).subquery()


def _by_people(run: Run, narrow: Sequence[Condition], after: Place | None, limit: int) -> list[int]:
    """The next ids, most people waiting first and among equals the longest waiting: an index
    reads one way only, so what is left of the first number, then all further ones backwards, and
    the last of them, which the page may cut, from its beginning."""
    ids: list[int] = []
    below: list[ColumnElement[bool]] = []
    rows = select(*BY_PEOPLE).where(*run.where, *narrow)
    if not narrow:
        rows = lanes.along(rows, run.index)
    if after is not None:
        people, *rest = after.values
        later = tuple_(Comment.created_at, Comment.id) > tuple_(*rest)
        ids += _ids_with(rows.where(later), people, limit)
        below = [Comment.people_waiting < people]
    room = limit - len(ids)
    if not room:
        return ids
    backwards = rows.where(*below).order_by(*(key.desc() for key in BY_PEOPLE)).limit(room)
    found = db.session.execute(backwards).all()
    cut = found[-1].people_waiting if len(found) == room else None
    whole = [row for row in found if row.people_waiting != cut]
    whole.sort(key=lambda row: (-row.people_waiting, row.created_at, row.id))
    ids += [row.id for row in whole]
    if cut is not None:
        ids += _ids_with(rows, cut, limit - len(ids))
    return ids


def _ids_with(rows: Select[int, datetime, int], people: int, limit: int) -> list[int]:
    own = rows.where(Comment.people_waiting == people)
    found = db.session.execute(own.order_by(Comment.created_at, Comment.id).limit(limit))
    return [row.id for row in found]


@cache
def _named() -> Select[*tuple[Any, ...]]:
    return listed.statement(_listed())


def _listed(*where: ColumnElement[bool]) -> Subquery:
    named = Comment.id.in_(bindparam("ids", expanding=True))
    return select(Comment.id, literal(0).label("run")).where(named, *where).subquery()


def _texts(ids: Sequence[int], seat: Seat, *where: ColumnElement[bool]) -> list[Listed]:
    statement = listed.statement(_listed(*where)) if where else _named()
    return _asked(statement, seat, {"ids": list(ids)})


def _asked(
    statement: Select[*tuple[Any, ...]], seat: Seat, values: Mapping[str, Any]
) -> list[Listed]:
    own = {"viewer": seat.account_id, "fresh": clock.now() - FADES_AFTER}
    return listed.read(rows_of(statement, {**own, **values}))


def _in_order(found: Sequence[Listed], lines: Sequence[Run]) -> list[Listed]:
    """As the runs have them: the database joins what it has chosen in no order."""
    ordered: list[Listed] = []
    for number, run in enumerate(lines):
        own = [item for item in found if item.run == number]
        ordered += sorted(own, key=run.values, reverse=run.backwards)
    return ordered


def exists(comment_id: int) -> bool:
    return db.session.scalar(select(Comment.id).where(Comment.id == comment_id)) is not None


def with_ids(comment_ids: Sequence[int]) -> list[Comment]:
    """These comments, oldest first, locked until the decision on them is made."""
    return list(
        db.session.scalars(
            select(Comment)
            .where(Comment.id.in_(comment_ids))
            .order_by(Comment.created_at, Comment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def revisions(comment_id: int) -> list[CommentRevision]:
    """The texts a comment had before, oldest first."""
    return list(
        db.session.scalars(
            select(CommentRevision)
            .where(CommentRevision.comment_id == comment_id)
            .order_by(CommentRevision.id)
        )
    )


def moderators() -> list[Account]:
    """Everyone who may decide and has not been disabled, always in the same order."""
    return list(
        db.session.scalars(
            select(Account)
            .where(Account.role.in_(STAFF), Account.disabled_at.is_(None))
            .order_by(Account.id)
        )
    )
