"""A copy while it is made: how far it is, and its pieces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from sqlalchemy import delete, update

from app.domains.privacy import events
from app.domains.privacy.models import DataCopy, DataCopyPiece
from app.infra import clock
from app.infra.db import db
from app.infra.events import record
from app.infra.unit_of_work import unit_of_work

PIECE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Making:
    """A copy that is being made. Whoever asked may be erased meanwhile, and SQLite gives the number
    to the next who asks: so it is known by when it was asked for as well."""

    copy_id: int
    asked_at: datetime

    def change(self, **values: Any) -> bool:
        """Write these down, in the caller's transaction; False where nobody waits for it now."""
        mine = DataCopy.id == self.copy_id, DataCopy.asked_at == self.asked_at
        changed: Any = db.session.execute(update(DataCopy).where(*mine).values(**values))
        return bool(changed.rowcount)


def store(file: IO[bytes], making: Making) -> None:
    """Put the file away and tell its owner. Pieces of an earlier try go first."""
    size = file.seek(0, 2)
    file.seek(0)
    with unit_of_work():
        if not making.change(size=size):
            return
        old = delete(DataCopyPiece).where(DataCopyPiece.copy_id == making.copy_id)
        db.session.execute(old)
    number = 0
    while some := file.read(PIECE):
        with unit_of_work():
            if not making.change(size=size):
                return
            piece = DataCopyPiece(copy_id=making.copy_id, number=number, content=some)
            db.session.add(piece)
        number += 1
    with unit_of_work():
        if making.change(made_at=clock.now()):
            record(events.CopyMade(making.copy_id))
