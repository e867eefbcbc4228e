"""Rounds over all subjects in turn, and what came of each subject in each round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

import click

from benchmarks.http.client import WrongAnswer, loop
from benchmarks.http.machine import cpu_seconds

WARM_UP = 2
READERS = 2
"""Lines at once: one is answered while the other's answer is on its way."""


@dataclass(frozen=True)
class Subject:
    """One thing that is asked again and again. `ask` makes a request; where it must do something
    first, as to raise a mark, `lines` is one. `most` bounds what a round may use up."""

    name: str
    port: int
    pid: int
    ask: Callable[[], bytes]
    status: int = 200
    lines: int = READERS
    most: int = 1_000_000


@dataclass
class Found:
    """Of each round: requests a second, and milliseconds of CPU a request; of all rounds together
    the milliseconds of each request. `wrong` says why it was given up."""

    a_second: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    wrong: str = ""

    def part(self, share: float) -> float:
        """The milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.wall)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    @property
    def middle(self) -> float:
        return median(self.cpu)


Results = dict[str, Found]


def measure(subjects: Sequence[Subject], rounds: int, seconds: float) -> Results:
    """Each subject for so many seconds in each round; one that fails is left out from there on."""
    results = {subject.name: Found() for subject in subjects}
    for number in range(rounds):
        label = f"round {number + 1} of {rounds}"
        with click.progressbar(subjects, label=label, item_show_func=_named) as waiting:
            for subject in waiting:
                found = results[subject.name]
                if found.wrong:
                    continue
                try:
                    _once(subject, found, seconds)
                except (WrongAnswer, OSError, IndexError) as wrong:
                    found.wrong = f"{type(wrong).__name__}: {wrong}"
    return results


def _named(subject: Subject | None) -> str:
    return subject.name if subject is not None else ""


def _once(subject: Subject, found: Found, seconds: float) -> None:
    warm_up = min(WARM_UP, subject.most)
    loop(subject.port, subject.ask, status=subject.status, lines=subject.lines, most=warm_up)
    before = cpu_seconds(subject.pid)
    asked = loop(
        subject.port,
        subject.ask,
        status=subject.status,
        lines=subject.lines,
        seconds=seconds,
        most=subject.most,
    )
    used = cpu_seconds(subject.pid) - before
    many = len(asked.seconds)
    found.cpu.append(used / many * 1e3)
    found.a_second.append(many / asked.lasted)
    found.wall.extend(1e3 * one for one in asked.seconds)


def ratio(ours: Found, floor: Found) -> tuple[float, float, float]:
    """How many times the floor's CPU ours took: the median over the rounds, the least, the most."""
    each = [one / other for one, other in zip(ours.cpu, floor.cpu, strict=False) if other]
    return median(each), min(each), max(each)
