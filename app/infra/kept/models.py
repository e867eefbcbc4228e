"""The versions of what pages show."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Model

NAME_LENGTH = 40
CHANGES_LENGTH = 400
"""Some thirty changes. A process that has an article from before those draws all of it."""


class PageMark(Model):
    """`name` is `site`, `threads`, `questions`, `intake` or `article:7`; `version` counts the
    changes from 1. A mark that was never raised has no row. `changes` says of the last ones on
    which part of the page they showed (`infra.kept.changes`); null where the last showed on all
    of it."""

    __tablename__ = "page_mark"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    changes: Mapped[str | None] = mapped_column(String(CHANGES_LENGTH))
