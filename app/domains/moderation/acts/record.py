"""Reads of the record of privileged acts.

Rows are only ever added, with ids that grow with the time, so an id is a place in time: a page
begins below one, and days are turned into ids before anything else is looked at. A page of a
million rows costs as much as a page of a hundred.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.moderation.queue import sections
from app.infra.audit import AuditEntry
from app.infra.db import db

PAGE = 50
SPAN = 100_000
"""How many ids one page looks through at most: what is rare is found in steps."""
SLACK = 1_000
"""How far ids may be out of step with the time, since transactions end in another order."""
SAMPLE = 2_000
"""The newest entries, from which the names of acts and things are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for; an empty part asks for nothing. `who` is the name or the user name of
    whoever acted; the days are in UTC, both included; `words` stand in the reason."""

    who: str = ""
    act: str = ""
    subject: str = ""
    subject_id: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""
    batch: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """`before` is the id below which the next page begins, None at the end of the record.
    `reached` is set where the page looked through its span without being full: it got so far."""

    entries: Sequence[AuditEntry]
    before: int | None
    reached: datetime | None


def page(wish: Wish, *, reader: Account, before: int | None = None, size: int = PAGE) -> RecordPage:
    """Entries that fit the wish, newest first. Who is limited to sections reads what was done to
    their texts, and what they did themselves."""
    low, high = _bounds(wish)
    if before is not None:
        high = min(high, before - 1)
    floor = low if _is_narrow(wish) else max(low, high - SPAN + 1)
    statement = _fitting(wish).where(AuditEntry.id <= high, *_readable_for(reader))
    if floor > 1:
        statement = statement.where(AuditEntry.id >= floor)
    found = list(db.session.scalars(statement.order_by(AuditEntry.id.desc()).limit(size + 1)))
    if len(found) > size:
        return RecordPage(found[:size], found[size - 1].id, None)
    if floor > low:
        return RecordPage(found, floor, _time_at(floor))
    return RecordPage(found, None, None)


def known_words() -> tuple[list[str], list[str]]:
    """The acts, and the kinds of things they were done to, among the newest entries."""
    newest = (
        select(AuditEntry.act, AuditEntry.subject)
        .order_by(AuditEntry.id.desc())
        .limit(SAMPLE)
        .subquery()
    )
    found = db.session.execute(select(newest.c.act, newest.c.subject).distinct()).all()
    return sorted({row[0] for row in found}), sorted({row[1] for row in found})


def _is_narrow(wish: Wish) -> bool:
    """Whether an index leads to the few rows that can fit."""
    return bool(wish.batch) or wish.subject_id is not None


def _fitting(wish: Wish) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    if wish.who:
        statement = statement.where(_done_by(wish.who))
    if wish.act:
        statement = statement.where(AuditEntry.act == wish.act)
    if wish.subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == wish.subject_id)
    if wish.subject or wish.subject_id is not None:
        statement = statement.where(AuditEntry.subject == (wish.subject or "comment"))
    if wish.since:
        statement = statement.where(AuditEntry.at >= _begin_of(wish.since))
    if wish.until:
        statement = statement.where(AuditEntry.at < _end_of(wish.until))
    if wish.words:
        statement = statement.where(AuditEntry.reason.icontains(wish.words, autoescape=True))
    if wish.batch:
        statement = statement.where(AuditEntry.batch == wish.batch)
    return statement


def _readable_for(reader: Account) -> tuple[ColumnElement[bool], ...]:
    tag_ids = sections.of(reader)
    if tag_ids is None:
        return ()
    its_text = exists().where(Comment.id == AuditEntry.subject_id, sections.within(tag_ids))
    theirs = and_(AuditEntry.subject == "comment", its_text)
    return (or_(AuditEntry.actor_id == reader.id, theirs),)


def _done_by(who: str) -> ColumnElement[bool]:
    """By this account, whatever it was called at the time; else by whoever had this name."""
    named = or_(Account.username == who.lower(), Account.name == who)
    account_ids = list(db.session.scalars(select(Account.id).where(named)))
    nameless = and_(AuditEntry.actor_id.is_(None), AuditEntry.actor_name == who)
    return or_(AuditEntry.actor_id.in_(account_ids), nameless) if account_ids else nameless


def _bounds(wish: Wish) -> tuple[int, int]:
    """The ids between which everything that fits must stand."""
    low, high = 1, db.session.scalar(select(func.max(AuditEntry.id))) or 0
    if wish.since:
        first = select(AuditEntry.id).where(AuditEntry.at >= _begin_of(wish.since))
        found = db.session.scalar(first.order_by(AuditEntry.at, AuditEntry.id).limit(1))
        low = high + 1 if found is None else max(low, found - SLACK)
    if wish.until:
        last = select(AuditEntry.id).where(AuditEntry.at < _end_of(wish.until))
        order = (AuditEntry.at.desc(), AuditEntry.id.desc())
        found = db.session.scalar(last.order_by(*order).limit(1))
        high = 0 if found is None else min(high, found + SLACK)
    return low, high


def _time_at(entry_id: int) -> datetime | None:
    at = select(AuditEntry.at).where(AuditEntry.id >= entry_id)
    return db.session.scalar(at.order_by(AuditEntry.id).limit(1))


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _end_of(day: date) -> datetime:
    return (
        _begin_of(day) + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=UTC)
    )


def entries(numbers: Sequence[int]) -> list[AuditEntry]:
    """These entries of the record, newest first."""
    known = [number for number in numbers if number < 2**31]
    found = db.session.scalars(
        select(AuditEntry).where(AuditEntry.id.in_(known)).order_by(AuditEntry.id.desc())
    )
    return list(found)


def history(comment_id: int) -> list[AuditEntry]:
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.subject == "comment", AuditEntry.subject_id == comment_id)
            .order_by(AuditEntry.id)
        )
    )
