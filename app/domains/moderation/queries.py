"""What the desk shows. The queue is a query over comments, never a copy of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    Subquery,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import defer, joinedload

from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF
from app.domains.articles.queries import FOR_LISTS
from app.domains.comments.models import Comment, CommentRevision, CommentTag
from app.domains.moderation import lanes, sections
from app.domains.moderation.lanes import BY_PEOPLE, Condition, Place, Run
from app.domains.moderation.models import Opening
from app.domains.moderation.narrowing import conditions
from app.domains.moderation.states import Order
from app.domains.moderation.wishes import Wish
from app.infra import clock
from app.infra.db import db

AnyRow = Row[*tuple[Any, ...]]
ITEMS_A_PAGE = 20
"""Each is drawn whole; the next are fetched while these are decided."""
MOST_NEW = 100
FADES_AFTER = timedelta(minutes=2)
"""How long after somebody opened a text the others see that."""
SEPARATOR = "\n"
"""Stands in no name."""
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
    """A page of a lane: its texts, by comment id the ids of their tags and the names of those who
    have them open, and where the next page begins (None: nowhere)."""

    items: list[Comment]
    tag_ids: dict[int, list[int]]
    opened: dict[int, list[str]]
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
        rows = sorted(_rows(_listed(ids), seat), key=lambda row: ids.index(row.Comment.id))
    else:
        rows = _in_order(_rows(_along(lines, narrow, after, size + 1), seat), lines)
    more = None
    if len(rows) > size:
        last = rows[size - 1]
        more = Place(last.run, lines[last.run].values(last.Comment))
    return _page(rows[:size], more)


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
    return _page(_rows(_listed(comment_ids, *_sections(seat)), seat), None)


def _along(
    lines: Sequence[Run], narrow: Sequence[Condition], after: Place | None, limit: int
) -> Subquery:
    """The ids of the next texts of each run from this place on."""
    parts = []
    for number, run in enumerate(lines):
        if after is not None and number < after.run:
            continue
        part = select(Comment.id, literal(number).label("run")).where(*run.where, *narrow)
        if after is not None and number == after.run:
            part = part.where(run.beyond(after.values))
        if not narrow:
            part = lanes.along(part, run.index)
        parts.append(part.order_by(*run.order).limit(limit).subquery())
    return union_all(*(select(part.c.id, part.c.run) for part in parts)).subquery()


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


def _listed(ids: Sequence[int], *where: ColumnElement[bool]) -> Subquery:
    return select(Comment.id, literal(0).label("run")).where(Comment.id.in_(ids), *where).subquery()


def _sections(seat: Seat) -> list[ColumnElement[bool]]:
    return [] if seat.tag_ids is None else [sections.within(seat.tag_ids)]


def _rows(chosen: Subquery, seat: Seat) -> Sequence[AnyRow]:
    """The chosen texts, each with its run, the ids of its tags in one text, and in one the names of
    the others who have it open."""
    tag_ids = (
        select(func.aggregate_strings(cast(CommentTag.tag_id, String), ","))
        .where(CommentTag.comment_id == Comment.id)
        .scalar_subquery()
    )
    opened = (
        select(func.aggregate_strings(Account.name, SEPARATOR))
        .join(Opening, Opening.account_id == Account.id)
        .where(Opening.comment_id == Comment.id, Opening.at > clock.now() - FADES_AFTER)
        .where(Account.id != seat.account_id)
        .scalar_subquery()
    )
    statement = (
        select(Comment, chosen.c.run, tag_ids.label("tag_ids"), opened.label("opened"))
        .join(chosen, chosen.c.id == Comment.id)
        .options(
            joinedload(Comment.article, innerjoin=True).options(*FOR_LISTS),
            joinedload(Comment.parent).options(defer(Comment.source), defer(Comment.verdict)),
            # The address of every account would be read first if this one had to be there.
            joinedload(Comment.account).joinedload(Account.address, innerjoin=False),
            joinedload(Comment.address),
        )
        .execution_options(populate_existing=True)
    )
    return db.session.execute(statement).all()


def _in_order(rows: Sequence[AnyRow], lines: Sequence[Run]) -> list[AnyRow]:
    """As the runs have them: the database joins what it has chosen in no order."""
    found: list[AnyRow] = []
    for number, run in enumerate(lines):
        own = [row for row in rows if row.run == number]
        found += sorted(own, key=lambda row: run.values(row.Comment), reverse=run.backwards)
    return found


def _page(rows: Sequence[AnyRow], more: Place | None) -> Page:
    return Page(
        items=[row.Comment for row in rows],
        tag_ids={
            row.Comment.id: [int(tag_id) for tag_id in (row.tag_ids or "").split(",") if tag_id]
            for row in rows
        },
        opened={row.Comment.id: row.opened.split(SEPARATOR) for row in rows if row.opened},
        more=more,
    )


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
