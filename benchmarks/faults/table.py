"""The table of what was found, between two marks in README.md; other rows there stay."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.faults.outcome import Outcome

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- what was found -->", "<!-- end of what was found -->"
HEAD = (
    "| id | experiment | database | form | passed | figures | measured |",
    "|---|---|---|---|---|---|---|",
)
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Result:
    """One experiment on one database, done some times, in so many seconds altogether."""

    name: str
    about: str
    database: str
    is_quick: bool
    outcomes: list[Outcome]
    seconds: float

    @property
    def passed(self) -> int:
        return sum(outcome.passed for outcome in self.outcomes)

    @property
    def has_passed(self) -> bool:
        return self.passed == len(self.outcomes)

    def row(self) -> str:
        failed = [wrong for outcome in self.outcomes for wrong in outcome.broken]
        figures = "; ".join([*dict.fromkeys(failed), self.outcomes[-1].figures])
        each = self.seconds / len(self.outcomes)
        today = date.today()  # noqa: DTZ011  (the operator's day)
        when = f"{today:%Y-%m-%d}, {machine()}, {each:.0f} s"
        cells = [
            self.name,
            self.about,
            NAMES[self.database],
            "quick" if self.is_quick else "full",
            f"{self.passed} of {len(self.outcomes)}",
            figures.replace("|", "/").replace("\n", " "),
            when,
        ]
        return f"| {' | '.join(cells)} |"


def machine() -> str:
    """What it was measured on, without saying whose it is."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.0f}"


def write(results: Iterable[Result], path: Path = README) -> None:
    """Lay these rows into the table; an experiment that was not done now keeps its old row."""
    before, _, rest = path.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    rows = {_key(line): line for line in table.splitlines() if line.startswith("| R")}
    rows |= {(result.name, NAMES[result.database]): result.row() for result in results}
    lines = [*HEAD, *(rows[key] for key in sorted(rows))]
    path.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}")


def _key(line: str) -> tuple[str, str]:
    cells = [cell.strip() for cell in line.split("|")]
    return cells[1], cells[3]
