"""Mails that were given up: what each was, to whom, why and since when; sent again or laid aside.

A mail that is sent again is written anew from what holds then, under the name that it had, so that
one whose first try arrived after all can be known as the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, select, update

from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import Address
from app.engines.text.masks import masked_email
from app.infra import audit, clock, jobs, waking
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.language import sentence
from app.infra.paging import FIRST, Wanted, Ways, page_of
from app.infra.refusal import Refusal
from app.notifications.states import WAYS_BACK, Mail

AT_ONCE = 500
"""How many are sent again, or laid aside, by one press; the oldest first."""
_GIVEN_UP = (*jobs.GAVE_UP, Job.kind.in_([str(kind) for kind in Mail]))


class NobodyReached(Refusal):
    public = sentence(
        "No mail goes to this address until its owner confirms it again. The mail stays here until "
        "then, unless you drop it."
    )
    status = 409


class NotGivenUp(Refusal):
    public = sentence(
        "Somebody has sent or dropped this mail meanwhile. Reload the page and look again."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`to` is masked, and empty where the mail failed before anybody knew whose it was; `why` is
    what the mail server, or the program, said at the last try. `is_stopped`: mail to its address
    has been stopped for good since, so that it can only wait or be dropped."""

    id: int
    kind: Mail
    to: str
    why: str
    since: datetime
    tries: int
    is_stopped: bool


def given_up(*, wanted: Wanted = FIRST, size: int = 50) -> tuple[list[DeadLetter], Ways]:
    """The mails that were given up, the newest first."""
    rows, ways = page_of(select(Job.id).where(*_GIVEN_UP), (Job.id,), wanted, size=size)
    ids = [row.id for row in rows]
    found = db.session.execute(
        select(Job, Address.email, _is_stopped())
        .join(Address, Address.id == Job.address_id, isouter=True)
        .where(Job.id.in_(ids))
        .order_by(Job.id.desc())
    )
    return [_letter(*row) for row in found], ways


def _is_stopped() -> ColumnElement[bool]:
    """Whether it would be written to nobody, now and later. One that is stopped for some days may
    be sent again: it goes when they are over."""
    ways_back = [str(kind) for kind in WAYS_BACK]
    for_good = exists().where(MailStop.address_id == Job.address_id, MailStop.until.is_(None))
    return and_(Job.kind.not_in(ways_back), for_good)


def _letter(job: Job, email: str | None, is_stopped: bool) -> DeadLetter:
    return DeadLetter(
        id=job.id,
        kind=Mail(job.kind),
        to=masked_email(email) if email else "",
        why=job.last_error.partition(": ")[2] or job.last_error,
        since=job.failed_at or job.created_at,
        tries=job.attempts,
        is_stopped=is_stopped,
    )


def send_again(job_id: int, *, by: audit.Person) -> None:
    """Let one mail begin again from its first try. Raises NotGivenUp, NobodyReached."""
    job = _locked(job_id)
    if db.session.scalar(select(_is_stopped()).where(Job.id == job.id)):
        raise NobodyReached
    _write("send again", [job], by)
    jobs.try_anew(job, at=clock.now())
    waking.want()


def send_all_again(*, by: audit.Person) -> int:
    """The same of the oldest `AT_ONCE` that reach somebody, one entry of the record for all; how
    many."""
    found = _oldest(~_is_stopped())
    if found:
        _write("send again", found, by)
        values = {"failed_at": None, "locked_until": None, "attempts": 0, "run_at": clock.now()}
        _change(found, values)
        waking.want()
    return len(found)


def drop(job_id: int, *, by: audit.Person) -> None:
    """Lay one mail aside: it is not sent, and nothing else is queued for the same cause. Raises
    NotGivenUp."""
    job = _locked(job_id)
    _write("drop", [job], by)
    job.done_at = clock.now()
    db.session.flush()


def drop_all(*, by: audit.Person) -> int:
    """The same of the oldest `AT_ONCE`, one entry of the record for all; how many."""
    found = _oldest()
    if found:
        _write("drop", found, by)
        _change(found, {"done_at": clock.now()})
    return len(found)


def _locked(job_id: int) -> Job:
    """So that of two who press at one moment the second hears of it."""
    wanted = select(Job).where(Job.id == job_id, *_GIVEN_UP).with_for_update()
    job = db.session.scalar(wanted.execution_options(populate_existing=True))
    if job is None:
        raise NotGivenUp
    return job


def _oldest(*where: ColumnElement[bool]) -> Sequence[Job]:
    wanted = select(Job).where(*_GIVEN_UP, *where).order_by(Job.id).limit(AT_ONCE)
    return db.session.scalars(
        wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).all()


def _change(found: Sequence[Job], values: Mapping[str, object]) -> None:
    ids = [job.id for job in found]
    db.session.execute(update(Job).where(Job.id.in_(ids)).values(**values))


def _write(act: str, found: Sequence[Job], by: audit.Person) -> None:
    """The entry names one mail by its number, and of several how many there were of each kind."""
    kinds = sorted(job.kind for job in found)
    told = {kind.removeprefix("mail."): kinds.count(kind) for kind in dict.fromkeys(kinds)}
    number = found[0].id if len(found) == 1 else 0
    audit.write(act, "mail", number, by=by, detail={"mails": told})
