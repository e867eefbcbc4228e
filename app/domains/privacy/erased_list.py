"""The list of those who were erased, beside the database: one line each, naming nobody, so that a
backup from before can be told of them (`restored`)."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from app.domains.privacy.models import Erasure
from app.infra import running
from app.infra.db import db

NAME = "erased.jsonl"
KEY = re.compile("[0-9a-f]{40}")
"""What `leaving.key_of` makes."""
LARGEST = 2**31 - 1
"""Of the numbers that rows have."""


class NotAnEntry(ValueError):
    """A line that says of nobody that they were erased."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: whose numbers were erased, under which key they are known, and when."""

    account: int | None
    address: int | None
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """`broken` are the numbers of the lines, from 1, that are none of the list's."""

    entries: Sequence[Entry]
    broken: Sequence[int]


def path() -> Path:
    return running.settings().instance_folder / NAME


def line_of(erasure: Erasure) -> str:
    done = erasure.done_at.isoformat() if erasure.done_at else None
    facts = {
        "account": erasure.account_id,
        "address": erasure.address_id,
        "key": erasure.address_key,
        "at": done,
    }
    return json.dumps(facts)


def append(erasure: Erasure) -> None:
    """Write one more line, and wait until it is on the disk. A line before it that was cut short,
    by a machine that lost its power, spoils none but itself."""
    opened = os.open(path(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(opened, "ab") as file:
        size = os.fstat(opened).st_size
        is_whole = not size or os.pread(opened, 1, size - 1) == b"\n"
        file.write(b"" if is_whole else b"\n")
        file.write(line_of(erasure).encode() + b"\n")
        file.flush()
        os.fsync(opened)


def all_of_them() -> Iterator[str]:
    """The lines of all who were erased, from the database."""
    done = select(Erasure).where(Erasure.done_at.is_not(None)).order_by(Erasure.id)
    for erasure in db.session.scalars(done):
        yield line_of(erasure)


def read(lines: Iterable[bytes]) -> Read:
    """What the lines say, each person and time once. Empty ones are none."""
    entries: dict[Entry, None] = {}
    broken = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entries[_entry(line)] = None
        except NotAnEntry:
            broken.append(number)
    return Read(list(entries), broken)


def _entry(line: bytes) -> Entry:
    """Raises NotAnEntry."""
    try:
        facts = json.loads(line)
        at = datetime.fromisoformat(facts["at"])
        key, account, address = facts["key"], facts["account"], facts["address"]
    except (ValueError, TypeError, LookupError, RecursionError) as wrong:
        raise NotAnEntry from wrong
    if not isinstance(key, str) or KEY.fullmatch(key) is None:
        raise NotAnEntry
    if account is None and address is None:
        raise NotAnEntry
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Entry(_number(account), _number(address), key, at)


def _number(found: object) -> int | None:
    """Raises NotAnEntry."""
    if found is None or (type(found) is int and 0 < found <= LARGEST):
        return found
    raise NotAnEntry
