"""What every text that comes in is measured by and hardly ever changes, known in each process.

It is read again when the mark `intake` has another version than it was read under. Whatever changes
it raises that mark in the same transaction, so what is known here is never older than the
transaction that asks. After a minute it is read again in any case, for what was changed by hand in
the database or by a process of an older release.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.infra import running
from app.infra.db import db, rows_of
from app.infra.kept.marking import INTAKE, is_raised
from app.infra.kept.models import PageMark

Value = TypeVar("Value")
LONGEST_SECONDS = 60
_KNOWN = "known by the mark of the intake"
_SEEN = "version of the intake's mark"
_VERSION = select(PageMark.version).where(PageMark.name == INTAKE)


def known(name: str, read: Callable[[], Value]) -> Value:
    """What `read` finds, read once for each version. A transaction that changes something itself
    reads what it wrote, and leaves it to the others to read that when it is committed."""
    session = db.session()
    session.flush()
    if is_raised(session, INTAKE):
        return read()
    version, now = _version(session), monotonic()
    values = running.kept().setdefault(_KNOWN, {})
    read_under, until, value = values.get(name, (None, now, None))
    if read_under != version or until <= now:
        value = read()
        values[name] = version, now + LONGEST_SECONDS, value
    return cast("Value", value)


def _version(session: Session) -> int:
    """The mark's version, asked once in each transaction; 0 before it was ever raised."""
    version: int
    asked_in, version = session.info.get(_SEEN, (None, 0))
    if asked_in is None or asked_in is not session.get_transaction():
        found = rows_of(_VERSION)
        version = found[0].version if found else 0
        session.info[_SEEN] = session.get_transaction(), version
    return version
