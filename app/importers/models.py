"""What an import has brought in already, so that running it again adds nothing."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Model


class ImportedItem(Model):
    """One thing of the old site (`source` is its address, `kind` article, comment, account or tag)
    and the row it became."""

    __tablename__ = "imported_item"
    __table_args__ = (Index("ix_imported_item_kind_new_id", "kind", "new_id"),)

    source: Mapped[str] = mapped_column(String(300), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    old_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    new_id: Mapped[int]
