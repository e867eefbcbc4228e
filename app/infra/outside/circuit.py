"""Whether the outside is worth calling: after several failures in a row nobody calls for a while.

One row, so that all processes know it. It is closed (calls go out), open (none do), or, when its
time is over, lets one call through to see; the others wait for what comes of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, mapped_column

from app.infra import clock, locks
from app.infra.db import Model, UtcDateTime, db
from app.infra.unit_of_work import unit_of_work

MOST_FAILURES = 5
REST = timedelta(minutes=5)
_ROW = 1


class Circuit(Model):
    """`failures` counts those in a row; until `open_until` nobody calls."""

    __tablename__ = "outside_circuit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    failures: Mapped[int] = mapped_column(default=0)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


def may_call() -> bool:
    """Whether to call now. Whoever is let through must say what came of it. Commits by itself."""
    seen = db.session.get(Circuit, _ROW, populate_existing=True)
    if seen is None or seen.open_until is None:
        db.session.rollback()
        return True
    with unit_of_work():
        row = _row()
        now = clock.now()
        if row.open_until is not None and now < row.open_until:
            return False
        row.open_until = now + REST  # the one that tries; the others wait for its word
        return True


def answered() -> None:
    """A call got its answer: the circuit is closed. Commits by itself."""
    seen = db.session.get(Circuit, _ROW, populate_existing=True)
    is_clean = seen is None or (not seen.failures and seen.open_until is None)
    db.session.rollback()
    if is_clean:
        return  # nearly every call: no write for it
    with unit_of_work():
        row = _row()
        row.failures, row.open_until = 0, None


def failed() -> None:
    """A call got no answer; the fifth in a row, and every one after it, opens the circuit.
    Commits by itself."""
    with unit_of_work():
        row = _row()
        row.failures += 1
        if row.failures >= MOST_FAILURES:
            row.open_until = clock.now() + REST


def _row() -> Circuit:
    """The row as it is now, nobody else's until the transaction ends."""
    locks.take(["outside circuit"])
    row = db.session.get(Circuit, _ROW, with_for_update=True, populate_existing=True)
    if row is None:
        row = Circuit(id=_ROW, failures=0)
        db.session.add(row)
    return row
