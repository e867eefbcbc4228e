"""What the rounds gave, as rows with the floors and the targets beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.figures import Row, failure
from benchmarks.http.pieces import Page
from benchmarks.http.rounds import Found, Results, ratio
from benchmarks.http.subjects import BARE, FILE, FLASK, STORED, Place

COLUMNS = 8
FLOORS = (BARE, FLASK, STORED, FILE)


@dataclass(frozen=True)
class Aim:
    """`most` times the CPU of the result named `over`; or, where that is empty, milliseconds of CPU
    (of the clock within which 95 % are answered, where `by_clock`)."""

    most: float
    over: str = ""
    by_clock: bool = False

    def said(self) -> str:
        if self.over:
            return f"{self.most:g} x {_called(self.over)}"
        return f"{'p95 ' if self.by_clock else ''}{self.most:g} ms"

    def is_met(self, own: Found, results: Results) -> bool:
        if self.over:
            return ratio(own, results[self.over])[0] <= self.most
        return (own.part(0.95) if self.by_clock else own.middle) <= self.most


@dataclass(frozen=True)
class Line:
    """A result by its key, as it is called in the table, and what it is held to. `page` names the
    page whose floors and bytes stand beside it."""

    key: str
    title: str
    page: str = ""
    aims: tuple[Aim, ...] = ()


LINES = (
    Line("nothing", "nothing (/healthz)"),
    Line("a50 kept", "article, 50 comments, kept", "a50", (Aim(2, f"a50 {BARE}"),)),
    Line("a50 gzip", "the same in gzip", "a50", (Aim(2, f"a50 {BARE}"),)),
    Line("a50 same", "the same, 304", "a50", (Aim(2, f"a50 {BARE}"),)),
    Line("a50 drawn", "the same, not kept", "a50", (Aim(2.5, f"a50 {STORED}"), Aim(2.5))),
    Line("a50 whole", "the same, nothing of it kept", "a50"),
    Line("a50 entered", "the same, signed in", "a50", (Aim(3),)),
    Line("a1000 kept", "article, 1,000 comments, kept", "a1000", (Aim(1.5, "a50 kept"),)),
    Line("a1000 gzip", "the same in gzip", "a1000", (Aim(1.5, "a50 gzip"),)),
    Line("a1000 same", "the same, 304", "a1000", (Aim(1.5, "a50 same"),)),
    Line("a1000 drawn", "the same, not kept", "a1000", (Aim(1.5, "a50 drawn"),)),
    Line("a1000 whole", "the same, nothing of it kept", "a1000", (Aim(1.5, "a50 whole"),)),
    Line("a1000 entered", "the same, signed in", "a1000", (Aim(1.5, "a50 entered"),)),
    Line("all kept", "1,000 comments, all on one page, kept", "all"),
    Line("all drawn", "the same, not kept", "all", (Aim(2, f"all {STORED}"), Aim(18))),
    Line("all whole", "the same, nothing of it kept", "all"),
    Line("question kept", "question page, kept", "question"),
    Line("question drawn", "question page, not kept", "question", (Aim(3),)),
    Line("tag kept", "tag page, kept", "tag"),
    Line("tag drawn", "tag page, not kept", "tag", (Aim(3),)),
    Line("search", "search", "search", (Aim(3), Aim(20, by_clock=True))),
    Line("desk", "desk, first page", "desk", (Aim(6),)),
    Line("deep", "desk, a late page", "deep", (Aim(1.2, "desk"),)),
    Line("decide", "a decision", "", (Aim(5), Aim(25, by_clock=True))),
    Line("post", "a comment, one writer", "", (Aim(5),)),
)

TITLES = {
    "a50 kept": "50 comments",
    "a50 gzip": "50 comments",
    "a50 same": "50 comments",
    "a50 drawn": "50 comments",
    "a50 whole": "50 comments",
    "a50 entered": "50 comments",
    "desk": "the first page",
}
"""How other results are called where they are what a ratio is over."""


def rows(results: Results, places: list[Place], pages: Mapping[str, Page]) -> Iterator[Row]:
    titles = {place.name: place.title for place in places}
    for line in LINES:
        title = titles.get(line.key, line.title)
        found = results.get(line.key)
        if found is None:
            yield failure(title, "there is no such page", COLUMNS)
        elif found.wrong or not found.cpu:
            yield failure(title, found.wrong or "not asked", COLUMNS)
        else:
            yield _row(line, title, found, results, pages)


def _row(line: Line, title: str, own: Found, results: Results, pages: Mapping[str, Page]) -> Row:
    known = [aim for aim in line.aims if not aim.over or _is_there(results, aim.over)]
    against = next((aim.over for aim in known if aim.over), "")
    if not against and line.page and _is_there(results, f"{line.page} {STORED}"):
        against = f"{line.page} {STORED}"
    page = pages.get(line.page)
    met = all(aim.is_met(own, results) for aim in known) if known else None
    if len(known) < len(line.aims):
        met = None
    cells = (
        title,
        _spread([*own.a_second], 0),
        f"{_figure(own.part(0.5))}, {_figure(own.part(0.99))}",
        f"{_figure(own.middle)} ({_figure(min(own.cpu))} to {_figure(max(own.cpu))})",
        _floors(line.page, results),
        _ratio(own, results[against], against) if against else "",
        f"{len(page.body):,}, {page.small:,}" if page else "",
        ", ".join(aim.said() for aim in line.aims),
    )
    return Row(cells, met)


def _is_there(results: Results, key: str) -> bool:
    found = results.get(key)
    return found is not None and bool(found.cpu) and not found.wrong


def _floors(page: str, results: Results) -> str:
    there = [floor for floor in FLOORS if _is_there(results, f"{page} {floor}")]
    return ", ".join(f"{floor} {_figure(results[f'{page} {floor}'].middle)}" for floor in there)


def _ratio(own: Found, other: Found, name: str) -> str:
    middle, least, most = ratio(own, other)
    return f"{middle:.2g} ({least:.2g} to {most:.2g}) x {_called(name)}"


def _called(name: str) -> str:
    """A result as it is named beside a ratio: a floor by its kind, another page as in the table."""
    last = name.rpartition(" ")[2]
    return last if last in FLOORS else TITLES[name]


def _spread(values: list[float], digits: int) -> str:
    middle = sorted(values)[len(values) // 2]
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def _figure(value: float) -> str:
    """Three digits that say something."""
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
