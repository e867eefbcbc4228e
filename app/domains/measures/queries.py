"""Reads of measures. Expired and lifted ones stay as history; only those in force count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF
from app.domains.measures.models import Measure
from app.domains.measures.patterns import fits
from app.domains.measures.states import BINDS, SHUTS_OUT, MeasureKind
from app.engines.networks import is_within
from app.infra import clock
from app.infra.db import UtcDateTime, db, rows_of
from app.infra.kept.known import known

FOR_EVER = datetime.max.replace(tzinfo=UTC)
WARNING_STANDS = timedelta(days=90)
"""How long a warning is shown to the person."""


class Wide(NamedTuple):
    """A measure about whoever has such an address, or writes from such a network."""

    pattern: str | None
    network: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against somebody who writes now: the measure that shuts them out longest, and
    one that holds what they write."""

    shut_out: Measure | None = None
    hold: Measure | None = None


def standing(
    *, account_id: int | None, address_id: int | None, email: str, machine: str | None
) -> Standing:
    """What is in force against a sender: by account, address, pattern or network, in one query.

    `machine` is the full address of the machine they write from. An account and its proven address
    are one person, so that signing out gets round nothing. Of several measures the strictest
    counts: a wider one never weakens a narrower one. Staff are exempt.
    """
    found = db.session.scalars(
        _binding(by_account=account_id is not None, by_address=address_id is not None),
        {"account": account_id, "address": address_id, "now": clock.now()},
    )
    theirs = [one for one in found if reaches(one, email, [machine] if machine else [])]
    out = [one for one in theirs if one.kind in SHUTS_OUT]
    holds = [one for one in theirs if one.kind == MeasureKind.HOLD]
    return Standing(
        shut_out=max(out, key=lambda one: one.until or FOR_EVER, default=None),
        hold=max(holds, key=lambda one: one.until or FOR_EVER, default=None),
    )


def reach_many(email: str, machine: str | None) -> bool:
    """Whether a pattern or a network that anybody is kept out by may fit this sender; `standing`
    says whether it does. One query where a measure changed."""
    machines = [machine] if machine else []
    return any(reaches(one, email, machines) for one in known("wide measures", _wide))


def _wide() -> Sequence[Wide]:
    wide = or_(Measure.pattern.is_not(None), Measure.network.is_not(None))
    rows = rows_of(
        select(Measure.pattern, Measure.network).where(in_force(), Measure.kind.in_(BINDS), wide)
    )
    return [Wide(*row) for row in rows]


def against_person(*, by_account: bool) -> ColumnElement[bool]:
    """Whether a measure about this very account or address is in force, as a part of another
    statement; its parameters are `account`, `address` and `now`."""
    return exists().where(
        in_force(bindparam("now", type_=UtcDateTime)),
        Measure.kind.in_(BINDS),
        _about_person(bindparam("account") if by_account else None, bindparam("address")),
    )


@cache
def _binding(*, by_account: bool, by_address: bool) -> Select[Measure]:
    """Made once: every text that comes in asks for it."""
    account: Asked = bindparam("account") if by_account else None
    address: Asked = bindparam("address") if by_address else None
    binding = select(Measure).where(
        in_force(bindparam("now", type_=UtcDateTime)),
        Measure.kind.in_(BINDS),
        or_(
            _about_person(account, address),
            Measure.pattern.is_not(None),
            Measure.network.is_not(None),
        ),
    )
    if account is None:
        return binding
    return binding.where(~exists().where(Account.id == account, Account.role.in_(STAFF)))


Asked = int | BindParameter[int] | None


def in_force(at: BindParameter[datetime] | None = None) -> ColumnElement[bool]:
    """Restricts to measures that are neither lifted nor over, by the clock or by the parameter."""
    now = clock.now() if at is None else at
    return and_(Measure.lifted_at.is_(None), or_(Measure.until.is_(None), Measure.until > now))


def _about_person(account_id: Asked, address_id: Asked) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [false()]
    if account_id is not None:
        owned = select(Account.address_id).where(
            Account.id == account_id, Account.proven_at.is_not(None)
        )
        ways += [Measure.account_id == account_id, Measure.address_id.in_(owned)]
    if address_id is not None:
        owner = select(Account.id).where(
            Account.address_id == address_id, Account.proven_at.is_not(None)
        )
        ways += [Measure.address_id == address_id, Measure.account_id.in_(owner)]
    return or_(*ways)


def reaches(measure: Measure | Wide, email: str, machines: Sequence[str]) -> bool:
    """Whether a measure about a pattern or network fits this address, or any of these addresses
    of machines or networks; true for any other measure."""
    if measure.pattern is not None:
        return bool(email) and fits(measure.pattern, email)
    network = measure.network
    return network is None or any(is_within(machine, network) for machine in machines)


def find(measure_id: int) -> Measure | None:
    return db.session.get(Measure, measure_id)


def told_to(account: Account | None, address_id: int | None) -> Sequence[Measure]:
    """What a person should see of what was done about them, newest first: warnings that stand, and
    what shuts them out. `address_id` is one whose owner is known to look."""
    if account is None and address_id is None:
        return []
    return db.session.scalars(
        select(Measure)
        .where(
            in_force(),
            or_(
                Measure.kind.in_(SHUTS_OUT),
                and_(Measure.kind == MeasureKind.WARN, Measure.at > clock.now() - WARNING_STANDS),
            ),
            _about_person(account.id if account else None, address_id),
        )
        .order_by(Measure.id.desc())
    ).all()


def history(*where: ColumnElement[bool], size: int, before: int | None = None) -> list[Measure]:
    """A page of measures with whom they are about, newest first, of those with ids below
    `before`; `size` at most."""
    statement = select(Measure).options(joinedload(Measure.account), joinedload(Measure.address))
    if before is not None:
        statement = statement.where(Measure.id < before)
    return list(db.session.scalars(statement.where(*where).order_by(Measure.id.desc()).limit(size)))
