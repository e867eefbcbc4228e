"""Somebody is erased, in parts of which each is one transaction, so that nobody waits for it and a
worker that dies leaves it to be gone on with. What is done already is not found again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from app.domains.accounts import queries as accounts
from app.domains.accounts import sealed
from app.domains.accounts.models import Account, AccountName, Address, MailedLink
from app.domains.comments import me_too
from app.domains.comments.models import Comment, MeToo
from app.domains.measures.models import Measure
from app.domains.measures.states import BINDS
from app.domains.privacy import erased_list, last_word, leaving, loose, rows, texts
from app.domains.privacy.models import Erasure
from app.domains.privacy.persons import Person
from app.domains.privacy.terms import Names
from app.infra import audit, clock, remains
from app.infra.db import db
from app.infra.jobs import HANDLE, Job, Postponed
from app.infra.unit_of_work import unit_of_work
from app.infra.unnamed import NOBODY

logger = logging.getLogger(__name__)

ACTS_AT_ONCE = 500


def run(job: Job) -> None:
    """The job, a day after it was asked for. Raises Postponed where its time has not come."""
    erasure = db.session.get(Erasure, job.payload["erasure_id"])
    if erasure is None or erasure.taken_back_at is not None or erasure.done_at is not None:
        return
    if erasure.due_at > clock.now():
        raise Postponed(erasure.due_at)
    if erasure.begun_at is None and leaving.is_needed(erasure):
        raise Postponed(clock.now() + leaving.WAIT)
    erase(erasure.id)


def erase(erasure_id: int, *, tell: bool = True) -> None:
    """Erase somebody now, from where an earlier try ended; `tell` them by a last mail when it is
    done. Commits by itself."""
    with unit_of_work():
        erasure = db.session.get_one(Erasure, erasure_id, with_for_update=True)
        if erasure.taken_back_at is not None or erasure.done_at is not None:
            return
        if erasure.begun_at is None and _has_an_account_now(erasure):
            erasure.taken_back_at = clock.now()
            return
        erasure.begun_at = erasure.begun_at or clock.now()
        person = Person(erasure.account_id, erasure.address_id)
    steps: Sequence[Callable[[Person], bool]] = (texts.erase_some, _some_me_too, _some_acts)
    for step in steps:
        while _one(step, person):
            pass
    with unit_of_work():
        erasure = db.session.get_one(
            Erasure, erasure_id, with_for_update=True, populate_existing=True
        )
        if erasure.done_at is not None:  # by another worker, to whom the job went meanwhile
            return
        for step in steps:  # what a guest still sent meanwhile
            while step(person):
                pass
        address = _own_address(person)
        if tell and address is not None:
            last_word.record_for(erasure, address)
        _the_rest(person, address)
        erasure.done_at = clock.now()
        audit.write(texts.ACT, "erasure", erasure.id, by=None, actor_name=NOBODY)
        db.session.flush()
        erased_list.append(erasure)  # before the commit: a try that dies in between is done again
    remains.sweep()
    logger.info("erasure %s is done", erasure_id)


def _has_an_account_now(erasure: Erasure) -> bool:
    """A guest who signed up with the address afterwards, and proved it, has everything in their
    account, which they can have erased. An account that somebody only typed the address for stops
    nothing."""
    if erasure.account_id is not None or erasure.address_id is None:
        return False
    theirs = Account.address_id == erasure.address_id, Account.proven_at.is_not(None)
    return db.session.scalar(select(Account.id).where(*theirs)) is not None


def _one(step: Callable[[Person], bool], person: Person) -> bool:
    with unit_of_work():
        return step(person)


def _some_me_too(person: Person) -> bool:
    mine: list[ColumnElement[bool]] = []
    if person.address_id is not None:
        mine.append(MeToo.address_id == person.address_id)
    if person.account_id is not None:
        mine.append(MeToo.account_id == person.account_id)
    found = db.session.scalars(select(MeToo).where(or_(*mine)).limit(texts.PIECE)).all()
    for row in found:
        me_too.take_away(row)
    return bool(found)


def _some_acts(person: Person) -> bool:
    """What they did stays in the record, without who it was and from where."""
    if person.account_id is None:
        return False
    return audit.forget_actor(person.account_id, NOBODY, most=ACTS_AT_ONCE) > 0


def _own_address(person: Person) -> Address | None:
    """The address that goes with them: not one that is somebody else's, which they only typed."""
    if person.account_id is None:
        return db.session.get(Address, person.address_id)
    account = db.session.get(Account, person.account_id)
    if account is None or (person.address_id is None and account.address.is_proven):
        return None
    return account.address


def _the_rest(person: Person, address: Address | None) -> None:
    account = db.session.get(Account, person.account_id) if person.account_id else None
    binds = _settle_measures(person, address)
    _call_mail_off(person, address)
    if account is not None:
        rows.erase(Names.NAME, _names_of(account))
        audit.say_less("account", [account.id], reasons=True)
        others = _mailed_to(account) - {account.address_id}
        rows.erase(Names.ACCOUNT, [account.id])
        db.session.delete(account)
        db.session.flush()
        loose.forget_these(others)
    if address is not None:
        _clear(address, binds=binds)
    db.session.flush()


def _clear(address: Address, *, binds: bool) -> None:
    """Take away what hangs on an address, and the address; of one that somebody signed up with and
    never proved, only what its owner had."""
    rows.erase(Names.ADDRESS, [address.id])
    audit.say_less("address", [address.id], reasons=True)  # what mail servers said of it
    typed = update(Comment).where(Comment.address_id == address.id).values(address_id=None)
    db.session.execute(typed, execution_options={"synchronize_session": "fetch"})
    if accounts.find_account_of(address) is not None:
        address.proven_at = None
    elif binds:
        sealed.seal(address)
    else:
        sealed.empty(address)


def _mailed_to(account: Account) -> set[int]:
    """The addresses that it had or wanted lately."""
    mailed = select(MailedLink.address_id).where(MailedLink.account_id == account.id)
    return {one for one in db.session.scalars(mailed) if one is not None}


def _names_of(account: Account) -> list[str]:
    former = select(AccountName.old_name).where(AccountName.account_id == account.id)
    return [account.name, *db.session.scalars(former)]


def _settle_measures(person: Person, address: Address | None) -> bool:
    """What still binds goes on for the address, so that being erased is no way round it; all else
    goes. Whether anything binds."""
    mine = []
    if person.address_id is not None:
        mine.append(Measure.address_id == person.address_id)
    if person.account_id is not None:
        mine.append(Measure.account_id == person.account_id)
    theirs = db.session.scalars(select(Measure).where(or_(*mine))).all()
    audit.say_less("measure", [one.id for one in theirs], reasons=True)
    binds = False
    for measure in theirs:
        if address is None or not _still_binds(measure):
            db.session.delete(measure)
            continue
        binds = True
        measure.account_id, measure.address_id, measure.reason = None, address.id, ""
    db.session.flush()
    return binds


def _still_binds(measure: Measure) -> bool:
    is_over = measure.until is not None and measure.until <= clock.now()
    return measure.kind in BINDS and measure.lifted_at is None and not is_over


def _call_mail_off(person: Person, address: Address | None) -> None:
    """Mails that wait or were given up, and what is known of those that went."""
    theirs = [rows.mails_to(person.account_id, address.id if address else None)]
    if address is not None:
        typed = Job.payload[("facts", "email")].as_string()  # of an event that was put aside
        theirs.append(and_(Job.kind == HANDLE, func.lower(typed) == address.email.lower()))
    calling_off = delete(Job).where(or_(*theirs))
    db.session.execute(calling_off, execution_options={"synchronize_session": False})
