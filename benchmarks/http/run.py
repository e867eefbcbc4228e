"""All of it in order: the site made, served and asked; each part by itself, so that one that fails
leaves the others."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from benchmarks.desk.loading import Size
from benchmarks.desk.rows import A_THREAD
from benchmarks.figures import Row, failure, other
from benchmarks.http import memory, pieces, report, rounds, serving, starting, subjects, weight
from benchmarks.http.machine import Cores
from benchmarks.http.site import Measured
from benchmarks.http.subjects import Place, Served

FLOORS = "floors"


@dataclass(frozen=True)
class Plan:
    """How large and how long: `seconds` of each subject in each round, `requests` of the look at
    memory, the page of the desk to walk to."""

    size: Size
    rounds: int
    seconds: float
    requests: int
    deep: int
    starts: int

    def asking(self, requests: int | None) -> Plan:
        """The same with so many requests, if a number is given."""
        return self if requests is None else replace(self, requests=requests)


FULL = Plan(Size(100_000, 10_000), 7, 0.6, 100_000, 400, 5)
QUICK = Plan(Size(2_000, 500), 2, 0.15, 1_000, 10, 1)


@dataclass
class Found:
    pages: list[Row] = field(default_factory=list)
    others: list[Row] = field(default_factory=list)

    @contextmanager
    def part(self, name: str, *, of_pages: bool = False) -> Iterator[None]:
        """What goes wrong inside becomes a row."""
        try:
            yield
        except Exception as wrong:  # noqa: BLE001  (whatever it is, it is told in the table)
            click.echo(traceback.format_exc(), err=True)
            rows, columns = (self.pages, report.COLUMNS) if of_pages else (self.others, 4)
            rows.append(failure(name, f"{type(wrong).__name__}: {wrong}", columns))


def run(folder: Path, plan: Plan) -> Found:
    """Everything of HTTP. Raises only where no site can be made."""
    cores = Cores.found()
    found = Found()
    site = Measured(folder, plan.size)
    try:
        with found.part("pages", of_pages=True):
            _pages(site, plan, cores, found)
        with found.part("from the start to the first page"):
            times = starting.measure(site, folder / FLOORS, "a50", cores, plan.starts)
            found.others.extend(times)
        with found.part("memory"):
            articles = plan.size.comments // A_THREAD
            found.others.extend(memory.measure(site, cores, plan.requests, articles))
    finally:
        site.close()
    return found


def _pages(site: Measured, plan: Plan, cores: Cores, found: Found) -> None:
    below = site.folder / FLOORS
    with ExitStack() as open_ones:
        served = Served(*open_ones.enter_context(site.served(cores)))
        with found.part("weight of a page"):
            found.others.extend(weight.measure(served.port))
        places = subjects.places(site, served.port, plan.deep)
        pages = subjects.pages(served.port, places)
        pieces.write(below, pages, site.file)
        floors = Served(*open_ones.enter_context(serving.floors(below, places[0].name, cores)))
        files = _files(open_ones, below, places, cores, found)
        asked = [*subjects.ours(site, served, places), *subjects.below(floors, files, places)]
        ordered = subjects.side_by_side(asked, places)
        results = rounds.measure(ordered, plan.rounds, plan.seconds)
    found.pages.extend(report.rows(results, places, pages))


def _files(
    open_ones: ExitStack, below: Path, places: list[Place], cores: Cores, found: Found
) -> Served | None:
    """nginx over the same files, or a row that says it is not there."""
    program = serving.nginx()
    if program is None:
        found.others.append(other("nginx", "not installed, so its floor is missing"))
        return None
    with found.part("nginx"):
        name = f"{places[0].name}{pieces.BODY}"
        return Served(*open_ones.enter_context(serving.files(program, below, name, cores)))
    return None
