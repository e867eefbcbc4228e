"""Readers who have the same question as another: once a person, known by a proven address.

The row is a person, so nobody is counted who only typed an address. Of what everybody may read the
number moves by these rows alone; `Comment.people_waiting`, for the desk, also counts who sent
nearly the same text (`lookalikes.count_asker`), which may still wait to be read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, or_, select, update

from app.domains.accounts import queries as accounts
from app.domains.accounts.events import AccountConfirmed, AccountMoved
from app.domains.accounts.models import Account
from app.domains.comments.events import MeTooChanged
from app.domains.comments.models import Comment, MeToo
from app.infra import clock
from app.infra.db import adding, db, rows_of
from app.infra.events import Handler, record
from app.infra.kept.marking import COMMENTS


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever sits here: an account, and the ids of the addresses proven here. Without one of
    these nobody is known, and nothing is counted. `writes_to` is the one of the addresses that was
    named just now."""

    account: Account | None
    proven: frozenset[int]
    writes_to: int | None = None

    @property
    def is_known(self) -> bool:
        return bool(self.proven)

    @property
    def address_id(self) -> int:
        """The one address that stands for a known person."""
        if self.account is not None and self.account.address_id in self.proven:
            return self.account.address_id
        return self.writes_to or min(self.proven)

    @property
    def account_id(self) -> int | None:
        """The account, where its owner has proven its address."""
        account = self.account
        return account.id if account is not None and account.address_id in self.proven else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people ask a question, whoever asked it included; whether this person is one of
    them, and whether they are the one who asked."""

    people: int
    is_known: bool
    said: bool
    is_asker: bool


def standing(question: Comment, person: Person) -> Standing:
    said = person.is_known and db.session.scalar(_rows(question.id, person).limit(1)) is not None
    asked = is_asker(question, person)
    return Standing(people([question.id])[question.id], person.is_known, said, asked)


def people(question_ids: Collection[int]) -> dict[int, int]:
    """How many people ask each of these questions, for everybody to read: its asker and those who
    said that they have it too. The caller asks for published questions only."""
    others = {row[0]: row[1] for row in rows_of(_others(), {"ids": list(question_ids)})}
    return {question_id: 1 + others.get(question_id, 0) for question_id in question_ids}


@cache
def _others() -> Select[int, int]:
    """Put together once in each process."""
    return (
        select(MeToo.comment_id, func.count())
        .where(MeToo.comment_id.in_(bindparam("ids", expanding=True)))
        .group_by(MeToo.comment_id)
    )


def is_asker(question: Comment, person: Person) -> bool:
    own = person.account is not None and question.account_id == person.account.id
    return own or question.address_id in person.proven


def say(question: Comment, person: Person) -> bool:
    """Count a known person on a published question, which the caller holds; False where they are
    counted already, or asked it themselves."""
    if not person.is_known or is_asker(question, person):
        return False
    if db.session.scalar(_rows(question.id, person).limit(1)) is not None:
        return False
    added = db.session.scalar(
        adding(MeToo)
        .values(
            comment_id=question.id,
            account_id=person.account_id,
            address_id=person.address_id,
            at=clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(MeToo.id),
        execution_options={COMMENTS: [question.id]},
    )
    if added is not None:
        _count(question.id, 1)
    return added is not None


def take_back(question: Comment, person: Person) -> bool:
    """The person does not have this question any more; False where nothing was said."""
    theirs = db.session.scalars(_rows(question.id, person)).all() if person.is_known else []
    if theirs:
        db.session.execute(
            delete(MeToo).where(MeToo.id.in_(theirs)),
            execution_options={COMMENTS: [question.id]},
        )
        _count(question.id, -len(theirs))
    return bool(theirs)


def take_away(row: MeToo) -> None:
    """Whoever this was is counted no more."""
    gone = db.session.scalar(
        delete(MeToo).where(MeToo.id == row.id).returning(MeToo.id),
        execution_options={COMMENTS: [row.comment_id]},
    )
    if gone is not None:
        _count(row.comment_id, -1)


def said_so(question_id: int, *, account_id: int | None, address_id: int | None) -> bool:
    """Whether this sender is counted on the question already."""
    who: list[ColumnElement[bool]] = []
    if account_id is not None:
        who.append(MeToo.account_id == account_id)
    if address_id is not None:
        who.append(MeToo.address_id == address_id)
    rows = select(MeToo.id).where(MeToo.comment_id == question_id, or_(*who)).limit(1)
    return bool(who) and db.session.scalar(rows) is not None


def _rows(question_id: int, person: Person) -> Select[int]:
    theirs: list[ColumnElement[bool]] = [MeToo.address_id.in_(person.proven)]
    if person.account is not None:
        theirs.append(MeToo.account_id == person.account.id)
    return select(MeToo.id).where(MeToo.comment_id == question_id, or_(*theirs))


def _count(question_id: int, step: int) -> None:
    record(MeTooChanged(question_id))
    _add(question_id, step)


def _add(question_id: int, step: int) -> None:
    db.session.execute(
        update(Comment)
        .where(Comment.id == question_id)
        .values(people_waiting=Comment.people_waiting + step)
    )


# To another address, or from a guest to their account


def claim(event: AccountConfirmed) -> None:
    """What the owner of an account said as a guest is the account's."""
    _take(accounts.get_account(event.account_id))


def move(event: AccountMoved) -> None:
    """The account's rows go along to its other address, which may have said the same as a guest."""
    owner = select(Account).where(Account.address_id == event.to_id)
    account = db.session.scalars(owner).one()
    _take(account)
    theirs = MeToo.account_id == account.id, MeToo.address_id == event.from_id
    for row in db.session.scalars(select(MeToo).where(*theirs)):
        row.address_id = event.to_id
    db.session.flush()


def _take(account: Account) -> None:
    """Give an account the rows that its address has; where the account is counted already, or asked
    the question, the row goes."""
    of_account = select(MeToo.comment_id).where(MeToo.account_id == account.id)
    said = set(db.session.scalars(of_account))
    as_guest = (
        select(MeToo, Comment.account_id)
        .join(Comment, Comment.id == MeToo.comment_id)
        .where(MeToo.address_id == account.address_id, MeToo.account_id.is_(None))
    )
    for row, asker_id in db.session.execute(as_guest).all():
        if row.comment_id in said or asker_id == account.id:
            db.session.delete(row)
            _add(row.comment_id, -1)
        else:
            row.account_id = account.id
    db.session.flush()


REACTIONS: Mapping[type, Sequence[Handler]] = {AccountConfirmed: (claim,), AccountMoved: (move,)}
