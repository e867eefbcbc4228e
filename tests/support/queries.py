"""How many statements a piece of work sent to the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import event
from time_machine import escape_hatch

from app.infra import lately
from app.infra.db import db

NOT_QUERIES = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


@dataclass
class Counted:
    statements: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.statements)

    def __str__(self) -> str:
        return "\n".join([f"{self.total} statements", *self.statements])


@contextmanager
def count_queries() -> Iterator[Counted]:
    """Count the statements of the block, in any thread; needs an application context. No page is
    kept when it begins. Where the clock runs, what is read for a second is read anew and then stays
    known: the second's end, wherever it fell, would make it a statement more or less."""
    current_app.extensions["front"].forget()
    counted = Counted()

    def on_statement(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_QUERIES):
            counted.statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", on_statement)
    kept = lately.KEPT
    if not escape_hatch.is_travelling():
        lately.forget_all()
        lately.KEPT = timedelta(hours=1)
    try:
        yield counted
    finally:
        lately.KEPT = kept
        event.remove(engine, "before_cursor_execute", on_statement)
