"""Taking and lifting measures. Verbs that flush, record events and never commit."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domains.accounts.models import EMAIL_LENGTH, Account, Address
from app.domains.accounts.states import STAFF
from app.domains.measures import errors, patterns
from app.domains.measures.events import MeasureTaken
from app.domains.measures.models import REASON_LENGTH, Measure
from app.domains.measures.states import MAY_END, TOLD, MeasureKind
from app.engines.networks import as_network, is_within
from app.engines.text.names import fold_email
from app.infra import audit, clock
from app.infra.admitted import line
from app.infra.db import db
from app.infra.events import record

WIDEST_NETWORK = {4: 16, 6: 32}
"""The fewest bits of a network that may be shut out: what one provider gives to one place."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom a measure is about: exactly one of these. A pattern is of addresses, with `*`."""

    account: Account | None = None
    address: Address | None = None
    pattern: str | None = None
    network: str | None = None


def take(
    kind: MeasureKind,
    about: About,
    *,
    reason: str,
    by: Account,
    until: datetime | None = None,
    seat: str | None = None,
    batch: str = "",
) -> Measure:
    """Take a measure, with its row in the record; the person is told of those in `TOLD` when it
    is about an account or an address.

    `seat` is the address of the machine that the moderator sits at. Raises UnfitMeasure (NoReason,
    EndNeeded, EndIsPast, UnfitPattern, UnfitNetwork, AboutEverybody, AboutYourself) and AboutStaff.
    """
    reason = _reason(kind, reason)
    _check_end(kind, until)
    measure = Measure(
        kind=kind,
        account_id=about.account.id if about.account else None,
        address_id=about.address.id if about.address else None,
        pattern=_pattern(about.pattern) if about.pattern is not None else None,
        network=_network(about.network, seat) if about.network is not None else None,
        reason=reason,
        by_id=by.id,
        by_name=by.name,
        until=until if kind in MAY_END else None,
        batch=batch,
    )
    _spare_staff(about)
    db.session.add(measure)
    db.session.flush()
    audit.write(
        kind,
        "measure",
        measure.id,
        by=by,
        reason=reason,
        detail=_told(measure),
        batch=batch or None,
    )
    if kind in TOLD and (about.account or about.address):
        record(MeasureTaken(measure.id))
    return measure


def lift(measure: Measure, by: Account) -> None:
    """End a measure now, with its row in the record. Raises LiftedAlready."""
    db.session.refresh(measure, with_for_update=True)
    now = clock.now()
    if measure.lifted_at is not None or (measure.until is not None and measure.until <= now):
        raise errors.LiftedAlready
    measure.lifted_at = now
    measure.lifted_by = by.name
    db.session.flush()
    audit.write(
        f"lift {measure.kind}",
        "measure",
        measure.id,
        by=by,
        detail=_told(measure),
        batch=measure.batch or None,
    )


def _told(measure: Measure) -> dict[str, object]:
    """What the record keeps of a measure: numbers for people, never their addresses."""
    told = {
        "account": measure.account_id,
        "address": measure.address_id,
        "pattern": measure.pattern,
        "network": measure.network,
        "until": measure.until.isoformat() if measure.until else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _reason(kind: MeasureKind, reason: str) -> str:
    if not reason.strip():
        raise errors.NoReason(is_note=kind == MeasureKind.NOTE)
    return line(reason, "reason", REASON_LENGTH, errors.UnfitMeasure)


def _check_end(kind: MeasureKind, until: datetime | None) -> None:
    if kind == MeasureKind.SUSPEND and until is None:
        raise errors.EndNeeded
    if kind in MAY_END and until is not None and until <= clock.now():
        raise errors.EndIsPast


def _pattern(text: str) -> str:
    pattern = fold_email(line(text, "pattern", EMAIL_LENGTH, errors.UnfitMeasure))
    if not patterns.is_pattern(pattern):
        raise errors.UnfitPattern
    if patterns.is_too_wide(pattern):
        raise errors.AboutEverybody("pattern")
    return pattern


def _network(text: str, seat: str | None) -> str:
    network = as_network(text)
    if network is None:
        raise errors.UnfitNetwork
    parsed = ipaddress.ip_network(network)
    if parsed.prefixlen < WIDEST_NETWORK[parsed.version]:
        raise errors.AboutEverybody("network")
    if seat is not None and is_within(seat, network):
        raise errors.AboutYourself
    return network


def _spare_staff(about: About) -> None:
    """Raise AboutStaff for a measure that names or fits somebody who works here."""
    staff = db.session.execute(
        select(Account.id, Account.address_id, Address.email)
        .join(Address, Address.id == Account.address_id)
        .where(Account.role.in_(STAFF))
    ).all()
    for account_id, address_id, email in staff:
        named = about.account is not None and about.account.id == account_id
        named = named or (about.address is not None and about.address.id == address_id)
        if named or (about.pattern is not None and patterns.fits(about.pattern, email)):
            raise errors.AboutStaff
