"""Measures as the desk takes them: with the rejection of all that waits from a ban's sender, which
is undone in one act with the ban."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.measures import errors as refusals
from app.domains.measures import queries as measures
from app.domains.measures import services
from app.domains.measures.models import Measure
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.domains.moderation import errors
from app.domains.moderation.acts import undoing
from app.domains.moderation.bulk import batches
from app.domains.moderation.models import Batch
from app.domains.moderation.people.histories import networks_of
from app.domains.moderation.people.persons import Person, wrote
from app.domains.moderation.policy import may_take
from app.domains.moderation.queue import queries, sections
from app.domains.moderation.queue.wishes import Wish
from app.domains.moderation.services import Decision, Verb, decide_all
from app.infra import tokens
from app.infra.audit import AuditEntry
from app.infra.db import db

AT_ONCE = 200
"""How many waiting texts a ban rejects in its own transaction; more are a batch of the desk."""
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
    """What came of a step: how many waiting texts it rejected, and the batch that rejects them
    where they were too many for one act."""

    measure: Measure
    rejected: int = 0
    batch: Batch | None = None


def take(step: Step, person: Person, *, by: Account, seat: str | None) -> Taken:
    """Take a measure about this person, or about a pattern or network that they came with.

    Raises NotYours and whatever `measures.services.take` raises.
    """
    if not may_take(step.kind, limited=sections.of(by) is not None):
        raise refusals.NotYours
    waiting = _waiting(person) if step.reject and step.kind == MeasureKind.BAN else {}
    decision = Decision(Verb.REJECT, by, reason=step.reason)
    batch = batches.start(_all_of(person), decision) if len(waiting) > AT_ONCE else None
    key = batch.key if batch else tokens.new_nonce() if waiting else ""
    measure = services.take(
        step.kind, step.about, reason=step.reason, by=by, until=step.until, seat=seat, batch=key
    )
    if batch is not None or not waiting:
        return Taken(measure, batch=batch)
    return Taken(measure, len(decide_all(waiting, decision, batch=key).done))


def _waiting(person: Person) -> dict[int, int]:
    """The versions of what waits from this person, by id, oldest first, one more than `AT_ONCE`
    at most."""
    found = db.session.execute(
        select(Comment.id, Comment.version)
        .where(wrote(person), Comment.status == Status.PENDING)
        .order_by(Comment.created_at, Comment.id)
        .limit(AT_ONCE + 1)
    )
    return {row.id: row.version for row in found}


def _all_of(person: Person) -> Wish:
    """The list of the desk that has all that waits from this person; with an address it has the
    texts of accounts that claim it, too."""
    if person.address is not None:
        return Wish(address=person.address.id)
    return Wish(account=person.id)


@dataclass(frozen=True, slots=True)
class Lifted:
    """What came of lifting: how many texts wait again, how many were decided on since, and the
    batch that puts them back where they were too many for one act."""

    back: int = 0
    left: int = 0
    batch: Batch | None = None


def lift(measure: Measure, *, by: Account, put_back: bool) -> Lifted:
    """End a measure and, when asked to, let what it rejected wait again. Raises NotYours,
    LiftedAlready, and BatchRuns while a batch still rejects."""
    if not may_take(MeasureKind(measure.kind), limited=sections.of(by) is not None):
        raise refusals.NotYours
    services.lift(measure, by)
    if not (put_back and measure.batch):
        return Lifted()
    batch = db.session.scalar(select(Batch).where(Batch.key == measure.batch))
    return _put_back(measure.batch, by) if batch is None else _put_all_back(batch, by)


def _put_all_back(batch: Batch, by: Account) -> Lifted:
    try:
        return Lifted(batch=batches.start_undoing(batch, by))
    except errors.NothingChosen:  # it was stopped before it had rejected anything
        return Lifted()


def _put_back(key: str, by: Account) -> Lifted:
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.batch == key,
            AuditEntry.subject == "comment",
            AuditEntry.act == Verb.REJECT,
        )
        .order_by(AuditEntry.id.desc())
    ).all()
    queries.with_ids([entry.subject_id for entry in entries])  # all locked, in the desk's order
    back = 0
    for entry in entries:
        try:
            undoing.undo(entry, by=by, batch=key)
        except errors.NothingToUndo:  # somebody decided on this one since: theirs stands
            continue
        back += 1
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
