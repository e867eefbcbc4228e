"""The templates as trees."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, nodes

from app.config import PROJECT

FOLDER = PROJECT / "templates"


def templates() -> list[Path]:
    """Every template's path in its folder."""
    return sorted(one.relative_to(FOLDER) for one in FOLDER.rglob("*") if one.is_file())


@cache
def parsed(path: Path) -> nodes.Template:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    return environment.parse(path.read_text())
