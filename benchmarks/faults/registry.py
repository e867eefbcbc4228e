"""The experiments, found by their names."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from types import ModuleType

from benchmarks import faults
from benchmarks.faults.outcome import Outcome
from benchmarks.faults.place import Place

_NAME = re.compile(r"(r\d\d)_\w+")
BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Experiment:
    name: str
    module: ModuleType

    @property
    def about(self) -> str:
        """The first sentence of what it says of itself."""
        return (self.module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ").rstrip(".")

    @property
    def databases(self) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self.module, "DATABASES", BOTH)
        return found

    def run(self, place: Place) -> Outcome:
        found: Outcome = self.module.run(place)
        return found


def experiments() -> list[Experiment]:
    """All of them, in the order of their numbers."""
    names = sorted(one.name for one in pkgutil.iter_modules(faults.__path__))
    return [
        Experiment(match[1].upper(), importlib.import_module(f"{faults.__name__}.{name}"))
        for name in names
        if (match := _NAME.fullmatch(name))
    ]
