"""Figures as rows of the tables in README.md, between two marks, and whether each is met."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- the figures of the last run -->", "<!-- end of the figures -->"
PAGES = (
    (
        "| what | requests a second | p50, p99 ms | CPU ms a request | CPU ms of the floors "
        "| ratio | bytes, gzip | target | met |"
    ),
    "|---|---|---|---|---|---|---|---|---|",
)
OTHERS = ("| what | measured | beside it | target | met |", "|---|---|---|---|---|")


@dataclass(frozen=True)
class Row:
    """One line of a table: its cells but the last, and whether its target is met, None where it
    has none. `is_failure` says that it could not be measured."""

    cells: Sequence[str]
    met: bool | None = None
    is_failure: bool = False

    def __str__(self) -> str:
        word = "failed" if self.is_failure else {True: "yes", False: "**no**", None: ""}[self.met]
        cells = (cell.replace("|", "/").replace("\n", " ") for cell in (*self.cells, word))
        return f"| {' | '.join(cells)} |"


def other(
    what: str, measured: str, beside: str = "", target: str = "", *, met: bool | None = None
) -> Row:
    """A row of the second table."""
    return Row((what, measured, beside, target), met)


def failure(what: str, why: str, columns: int = 4) -> Row:
    """A row for what could not be measured."""
    said = " ".join(why.split())[-300:]
    return Row((what, said, *[""] * (columns - 2)), is_failure=True)


def machine() -> str:
    """What it was measured on, without saying whose it is."""
    load = os.getloadavg()[0]
    return (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, "  # noqa: DTZ011  (the operator's day)
        f"Python {platform.python_version()}, load {load:.1f} when it began"
    )


def tables(where: str, pages: Iterable[Row], others: Iterable[Row]) -> str:
    lines = [f"Measured on {where}.", "", *PAGES, *map(str, pages), "", *OTHERS, *map(str, others)]
    return "\n".join(lines)


def write(text: str, path: Path = README) -> None:
    """Lay the tables between the marks. Raises ValueError where the file has none."""
    before, mark, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{path.name} has no place for the figures")
    path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")
