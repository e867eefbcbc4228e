"""Addresses whose mail came back, or whose owner complained of it: nothing more is sent there.

What a mail server says for good, and a complaint, stop mail until the owner proves the address
again; what it says for now stops it for some days, each time longer, and at last for good.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, String, and_, delete, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from app.domains.accounts.models import Address
from app.domains.accounts.states import Stop
from app.infra import clock, locks
from app.infra.db import Model, UtcDateTime, db
from app.infra.paging import FIRST, Wanted, Ways, in_order, page_of

WHY_LENGTH = 300
SOFT_STOPS = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""How long the first, the second and the third soft bounce stop mail. The fourth is for good."""
FORGIVEN_AFTER = timedelta(days=30)
"""Without another soft bounce for so long, the next one counts as the first."""


class MailStop(Model):
    """Why nothing is mailed to an address. Kept until its owner proves the address again, or, of a
    soft bounce, for `FORGIVEN_AFTER` from its last one; it goes with the address."""

    __tablename__ = "mail_stop"

    address_id: Mapped[int] = mapped_column(
        ForeignKey("address.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    why: Mapped[str] = mapped_column(String(WHY_LENGTH))
    """What the mail server or the operator said, shown to the owner and to staff."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None: for good."""
    times: Mapped[int] = mapped_column(default=1)
    """Soft bounces in a row."""

    address: Mapped[Address] = relationship(lazy="raise", viewonly=True)

    @property
    def is_in_force(self) -> bool:
        return self.until is None or self.until > clock.now()


def stop(address: Address, kind: Stop, why: str) -> bool:
    """Stop mail to this address, in the caller's transaction; False where that changes nothing.
    `why` is one line of at most `WHY_LENGTH`.

    What stopped it for good stays. A soft bounce while mail is stopped is about a mail that was
    sent before, or a report that came twice, and does not count again.
    """
    locks.take([f"mail stop {address.id}"])
    now = clock.now()
    known = db.session.get(MailStop, address.id, populate_existing=True)
    if known is not None and known.is_in_force and (known.until is None or kind is Stop.SOFT):
        return False
    if known is None:
        known = MailStop(address_id=address.id, times=0)
        db.session.add(known)
    elif known.at < now - FORGIVEN_AFTER:
        known.times = 0
    known.kind, known.why, known.at = kind, why, now
    known.times += 1
    known.until = _until(kind, known.times, now)
    db.session.flush()
    return True


def _until(kind: Stop, times: int, now: datetime) -> datetime | None:
    if kind is not Stop.SOFT or times > len(SOFT_STOPS):
        return None
    return now + SOFT_STOPS[times - 1]


def in_force(address_id: int) -> MailStop | None:
    """What keeps mail from this address at this moment."""
    found = db.session.get(MailStop, address_id, populate_existing=True)
    return found if found is not None and found.is_in_force else None


def is_forgiven(now: datetime) -> ColumnElement[bool]:
    """What stops nothing any more, and counts for nothing."""
    return and_(MailStop.until < now, MailStop.at < now - FORGIVEN_AFTER)


def lift(address_id: int) -> None:
    """Its owner has proven the address, or an admin says that mail reaches it. Repeatable."""
    db.session.execute(delete(MailStop).where(MailStop.address_id == address_id))


def all_in_force(*, wanted: Wanted = FIRST, size: int = 50) -> tuple[list[MailStop], Ways]:
    """What is stopped now, by the address that came last first, with the addresses."""
    key = MailStop.address_id.label("id")
    stopped = select(key).where(or_(MailStop.until.is_(None), MailStop.until > clock.now()))
    rows, ways = page_of(stopped, (key,), wanted, size=size)
    return in_order(MailStop, rows, joinedload(MailStop.address)), ways
