"""What earlier runs brought in, by the old site's own keys."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.importers.models import ImportedItem
from app.infra.db import db

_LONGEST_SOURCE = 300


class Memory:
    """The rows of `imported_item` of one old site. Writes wait for the caller's transaction."""

    def __init__(self, source: str) -> None:
        self.source = source[:_LONGEST_SOURCE]

    def find(self, kind: str, key: str) -> int | None:
        """The id of the row that this thing became."""
        return self.find_many(kind, [key]).get(key)

    def find_many(self, kind: str, keys: Iterable[str]) -> dict[str, int]:
        """Ids by key, for those among `keys` (a batch, not thousands) that were brought in."""
        rows = db.session.execute(
            select(ImportedItem.old_key, ImportedItem.new_id).where(
                ImportedItem.source == self.source,
                ImportedItem.kind == kind,
                ImportedItem.old_key.in_(list(keys)),
            )
        )
        return {key: new_id for key, new_id in rows}  # noqa: C416 - rows, which dict() cannot type

    def remember(self, kind: str, items: Iterable[tuple[str, int]]) -> None:
        """Keep (old key, new id) pairs, in the transaction that made the rows."""
        db.session.add_all(
            ImportedItem(source=self.source, kind=kind, old_key=key, new_id=new_id)
            for key, new_id in items
        )
