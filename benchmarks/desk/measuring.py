"""Wall and CPU time of acts, on sites of two sizes in turn, and the table of what came out."""

from __future__ import annotations

import gc
import os
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import click
from sqlalchemy import text

from app.infra.db import db
from benchmarks.desk.acting import Desk, Task

WARM_UP = 4
TICKS = os.sysconf("SC_CLK_TCK")
MOST_GROWTH = 1.5
SMALL = 1.0
"""Milliseconds of difference that the machine's own noise may make; less is no growth."""


@dataclass
class Times:
    """Milliseconds of each repetition."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


Results = dict[str, dict[int, Times]]
"""By the name of the task, then by the number of comments."""


class Meter:
    """CPU time of this process, and of the database's own processes if they run on this machine:
    those that serve our connections, and the helpers that PostgreSQL starts for one statement."""

    def __init__(self, desk: Desk) -> None:
        self._backends: list[Path] = []
        self._server: Path | None = None
        with desk.app.app_context():
            if db.engine.dialect.name == "postgresql":
                statement = text(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                )
                paths = (Path(f"/proc/{pid}/schedstat") for pid in db.session.scalars(statement))
                self._backends = [path for path in paths if path.exists()]
                db.session.remove()
        if self._backends:
            parent = _fields(self._backends[0].with_name("stat"))[3]
            self._server = Path("/proc", parent, "stat")

    def cpu(self) -> float:
        theirs = sum(int(path.read_text().split()[0]) for path in self._backends)
        helpers = 0.0
        if self._server is not None:
            fields = _fields(self._server)
            helpers = (int(fields[15]) + int(fields[16])) * 1e3 / TICKS
        return time.process_time() * 1e3 + theirs / 1e6 + helpers


def _fields(stat: Path) -> list[str]:
    """The fields of a process's `stat`, counted from 0, its name (which may hold spaces) as one."""
    number, _, rest = stat.read_text().partition(" (")
    return [number, *rest.rpartition(") ")[0:1], *rest.rpartition(") ")[2].split()]


def measure(desks: dict[int, Desk], tasks: list[Task], rounds: int) -> Results:
    """Each task in each round, at one size and at the other before the next task."""
    results: Results = defaultdict(lambda: defaultdict(Times))
    there = [task for task in tasks if all(_is_there(desk, task) for desk in desks.values())]
    missing = [task.name for task in tasks if task not in there]
    if missing:
        click.echo(f"not there yet: {', '.join(missing)}")
    gc.collect()  # what loading and getting ready left behind is nobody's here
    meters = {size: Meter(desk) for size, desk in desks.items()}
    for number in range(WARM_UP + rounds):
        click.echo(f"round {number + 1} of {WARM_UP + rounds}")
        for task in there:
            if number % task.every:
                continue
            for size, desk in desks.items():
                wall, cpu = _once(desk, task, meters[size])
                if number >= WARM_UP:
                    results[task.name][size].wall.append(wall)
                    results[task.name][size].cpu.append(cpu)
    return results


def _is_there(desk: Desk, task: Task) -> bool:
    return task.ready(desk)().status_code != 404


def _once(desk: Desk, task: Task, meter: Meter) -> tuple[float, float]:
    act = task.ready(desk)
    cpu, wall = meter.cpu(), time.perf_counter()
    response = act()
    body = response.get_data()
    wall, cpu = time.perf_counter() - wall, meter.cpu() - cpu
    if response.status_code not in (200, 303):
        raise SystemExit(f"{task.name}: {response.status_code} {body[:300]!r}")
    return wall * 1e3, cpu


def show(results: Results) -> list[str]:
    """Print the table; the names of what grew more than it may."""
    grown = []
    sizes = sorted(next(iter(results.values())))
    small, large = sizes[0], sizes[-1]
    click.echo(
        f"{'':<24}" + "".join(f"{f'{size:,}: CPU':>17} p50   p95  wall p50   p95" for size in sizes)
    )
    for name, times in results.items():
        cpu = _growth(times[small].cpu, times[large].cpu)
        wall = _growth(times[small].wall, times[large].wall)
        is_grown = max(cpu, wall) > MOST_GROWTH
        line = f"{name:<24}" + "".join(f"{_four(times[size]):>44}" for size in sizes)
        if len(sizes) > 1:
            line += f"   grew ×{cpu:.2f}, by the clock ×{wall:.2f}"  # noqa: RUF001
            line += "  <-- too much" if is_grown else ""
        click.echo(line)
        if is_grown:
            grown.append(name)
    return grown


def _growth(small: list[float], large: list[float]) -> float:
    """From one size to the other; 1 where the difference is less than can be measured."""
    before, after = _middle(small), _middle(large)
    return after / before if abs(after - before) > SMALL else 1.0


def _four(times: Times) -> str:
    return "".join(
        f"{value:>9.1f}"
        for value in (
            _middle(times.cpu),
            _nearly_all(times.cpu),
            _middle(times.wall),
            _nearly_all(times.wall),
        )
    )


def _middle(values: list[float]) -> float:
    return median(values)


def _nearly_all(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
