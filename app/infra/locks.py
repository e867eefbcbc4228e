"""Turns: acts of the same name wait for each other until the transaction ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import func, select

from app.infra.db import db, is_postgresql

_BYTES = 7
"""Of a name's SHA-256: a positive number that fits PostgreSQL's bigint."""


def take(names: Iterable[str], *, shared: bool = False) -> None:
    """Wait for whoever holds one of these names, and hold all of them until this transaction ends.

    Taken in one order, so that two who want the same two never wait for each other. Any number may
    hold a name `shared`, while nobody holds it alone. SQLite's write transactions take turns
    anyway.
    """
    if not is_postgresql():
        return
    digests = (hashlib.sha256(name.encode()).digest()[:_BYTES] for name in names)
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    for number in sorted({int.from_bytes(digest) for digest in digests}):
        db.session.execute(select(lock(number)))
