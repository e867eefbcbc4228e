"""What templates find beside what a view gives them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Every template has the same globals, in one dictionary. The library lays a map of each
    template's own above it, and walks through both in Python for every page, include and import."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
