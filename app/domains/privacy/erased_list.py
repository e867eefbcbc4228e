"""The list of those who were erased, beside the database: one line each, naming nobody, so that a
backup from before can be told of them (`restored`)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.domains.privacy.models import Erasure
from app.infra import running
from app.infra.db import db

NAME = "erased.jsonl"


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
    """Write one more line, and wait until it is on the disk."""
    opened = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(opened, "a", encoding="ascii") as file:
        file.write(line_of(erasure) + "\n")
        file.flush()
        os.fsync(file.fileno())


def all_of_them() -> Iterator[str]:
    """The lines of all who were erased, from the database."""
    done = select(Erasure).where(Erasure.done_at.is_not(None)).order_by(Erasure.id)
    for erasure in db.session.scalars(done):
        yield line_of(erasure)


def read(lines: str) -> Iterator[Mapping[str, Any]]:
    """What the lines say; one that is cut short, by a machine that lost its power, is left out."""
    for line in lines.splitlines():
        try:
            facts = json.loads(line)
        except ValueError:
            continue
        if isinstance(facts, dict) and isinstance(facts.get("key"), str):
            yield facts
