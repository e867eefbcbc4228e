"""What the others at the desk are at: who has which text open, and what was decided just now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, delete, func, select

from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF
from app.domains.comments.models import Comment
from app.domains.moderation.models import Opening, Report
from app.domains.moderation.queue import sections
from app.domains.moderation.queue.queries import FADES_AFTER, Seat
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import adding, db, rows_of
from app.infra.lately import Lately

MOST_ACTS = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may decide, and the text they have open just now."""

    id: int
    name: str
    has_open: int | None


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody else did to a text."""

    comment_id: int
    act: str
    by: str


_beat: Lately[tuple[Any, ...]] = Lately()


def pulse() -> tuple[Any, ...]:
    """Something that is another as soon as a text comes in, is decided, reported or opened: one
    short statement a second in a process, however many watch there. Two acts that commit at once
    may be told as one, so that who watches looks for itself now and then."""
    return _beat.get("", lambda: tuple(rows_of(_newest())[0]))


@cache
def _newest() -> Select[*tuple[Any, ...]]:
    marks = (AuditEntry.id, Comment.id, Report.id, Opening.at)
    return select(*(select(func.max(mark)).scalar_subquery() for mark in marks))


def open_item(comment_id: int, account: Account) -> None:
    """Let the others see that this person has this text open, and no other any more."""
    now = clock.now()
    db.session.execute(
        delete(Opening).where(Opening.account_id == account.id, Opening.comment_id != comment_id)
    )
    db.session.execute(
        adding(Opening)
        .values(comment_id=comment_id, account_id=account.id, at=now)
        .on_conflict_do_update(index_elements=["comment_id", "account_id"], set_={"at": now})
    )


def colleagues(seat: Seat) -> list[Colleague]:
    """Everybody else who may decide, by name, each with what they have open. One query."""
    is_fresh = Opening.at > clock.now() - FADES_AFTER
    found = db.session.execute(
        select(Account.id, Account.name, func.max(Opening.comment_id))
        .outerjoin(Opening, and_(Opening.account_id == Account.id, is_fresh))
        .where(Account.role.in_(STAFF), Account.disabled_at.is_(None))
        .where(Account.id != seat.account_id)
        .group_by(Account.id, Account.name)
        .order_by(Account.name, Account.id)
    )
    return [Colleague(*row) for row in found]


def opened_by(others: Sequence[Colleague]) -> dict[int, list[str]]:
    """The names of those who have a text open, by its id."""
    found: dict[int, list[str]] = {}
    for other in others:
        if other.has_open is not None:
            found.setdefault(other.has_open, []).append(other.name)
    return found


def newest_act() -> int:
    """The number of the newest entry in the record."""
    return db.session.scalar(select(func.max(AuditEntry.id))) or 0


def acts_since(entry_id: int, seat: Seat) -> tuple[list[Act], int]:
    """What others did to texts since this entry of the record, oldest first, and the number of the
    newest of them; only what changed a text's state, and only in the seat's sections."""
    statement = (
        select(AuditEntry.id, AuditEntry.subject_id, AuditEntry.act, AuditEntry.actor_name)
        .where(AuditEntry.id > entry_id, AuditEntry.subject == "comment")
        .where(AuditEntry.from_state != AuditEntry.to_state)
        .where(AuditEntry.actor_id.is_distinct_from(seat.account_id))
        .order_by(AuditEntry.id)
        .limit(MOST_ACTS)
    )
    if seat.tag_ids is not None:
        own = select(Comment.id).where(sections.within(seat.tag_ids))
        statement = statement.where(AuditEntry.subject_id.in_(own))
    rows = db.session.execute(statement).all()
    acts = [Act(row.subject_id, row.act, row.actor_name) for row in rows]
    return acts, rows[-1].id if rows else entry_id
