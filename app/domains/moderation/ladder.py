"""Measures as the desk takes them: with the rejection of all that waits from a ban's sender, which
is undone in one act with the ban."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import errors as refusals
from app.domains.measures import queries as measures
from app.domains.measures import services
from app.domains.measures.models import Measure
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation import errors, queries, sections, undoing
from app.domains.moderation.histories import networks_of
from app.domains.moderation.persons import Person, wrote
from app.domains.moderation.policy import may_take
from app.domains.moderation.services import Decision, Verb, decide_all
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db

MOST_REJECTED = 1000
"""How many waiting texts a ban rejects in its own transaction; the rest are left, and said so."""
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: what, about whom, why and until when. `reject` takes down what
    waits from the person with it."""

    kind: MeasureKind
    about: About
    reason: str
    until: datetime | None = None
    reject: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a step: how many waiting texts it rejected, and how many still wait."""

    measure: Measure
    rejected: int = 0
    left: int = 0


def take(step: Step, person: Person, *, by: Account, seat: str | None) -> Taken:
    """Take a measure about this person, or about a pattern or network that they came with.

    Raises NotYours and whatever `measures.services.take` raises.
    """
    if not may_take(step.kind, limited=sections.of(by) is not None):
        raise refusals.NotYours
    rejects = step.reject and step.kind == MeasureKind.BAN
    key = tokens.new_nonce() if rejects else ""
    measure = services.take(
        step.kind,
        step.about,
        reason=step.reason,
        by=by,
        until=step.until,
        seat=seat,
        batch=key,
    )
    if not rejects:
        return Taken(measure)
    waiting = wrote(person) & (Comment.status == Status.PENDING)
    found = db.session.execute(
        select(Comment.id, Comment.version)
        .where(waiting)
        .order_by(Comment.created_at, Comment.id)
        .limit(MOST_REJECTED)
    )
    decision = Decision(Verb.REJECT, by, reason=measure.reason)
    result = decide_all({row.id: row.version for row in found}, decision, batch=key)
    left = db.session.scalar(select(func.count()).select_from(Comment).where(waiting)) or 0
    return Taken(measure, len(result.done), left)


@dataclass(frozen=True, slots=True)
class Lifted:
    """What came of lifting: how many texts wait again, and how many were decided on since."""

    back: int = 0
    left: int = 0


def lift(measure: Measure, *, by: Account, put_back: bool) -> Lifted:
    """End a measure and, when asked to, let what it rejected wait again. Raises NotYours and
    LiftedAlready."""
    if not may_take(MeasureKind(measure.kind), limited=sections.of(by) is not None):
        raise refusals.NotYours
    services.lift(measure, by)
    if not (put_back and measure.batch):
        return Lifted()
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.batch == measure.batch,
            AuditEntry.subject == "comment",
            AuditEntry.act == Verb.REJECT,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
    queries.with_ids([entry.subject_id for entry in entries])  # all locked, in the desk's order
    back = 0
    for entry in entries:
        try:
            undoing.undo(entry, by=by)
            back += 1
        except errors.NothingToUndo:  # somebody decided on this one since: theirs stands
            continue
    return Lifted(back, len(entries) - back)


def measures_about(person: Person) -> list[Measure]:
    """All that was ever done about this person, newest first, and the patterns and networks in
    force that reach them."""
    own: ColumnElement[bool] = false()
    if person.account is not None:
        own = own | (Measure.account_id == person.account.id)
    if person.address is not None:
        own = own | (Measure.address_id == person.address.id)
    wide = or_(Measure.pattern.is_not(None), Measure.network.is_not(None)) & measures.in_force()
    networks = [trace.words for trace in networks_of(person)]
    email = person.email_address.email
    found = measures.history(own, size=MOST_SHOWN) + [
        one
        for one in measures.history(wide, size=MOST_SHOWN)
        if measures.reaches(one, email, networks)
    ]
    return sorted(found, key=lambda one: one.id, reverse=True)
