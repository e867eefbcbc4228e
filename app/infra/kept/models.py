"""The versions of what pages show."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.db import Model

NAME_LENGTH = 40


class PageMark(Model):
    """`name` is `site`, `threads`, `intake` or `article:7`; `version` counts the changes
    from 1. A mark that was never raised has no row."""

    __tablename__ = "page_mark"

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
