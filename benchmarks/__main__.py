"""Everything that is measured, one after another, and the tables of it in README.md.

    python -m benchmarks [--quick] [--only PART ...] [--data DIR] [--folder DIR]

`--quick` takes a small site and few rounds, to see that all of it works; its figures say nothing
and are not written down. A part that fails is a row that says why, and the others go on; the exit
code is 1 then. Missed targets do not change it: they stand in the tables.
"""

from __future__ import annotations

import argparse
import logging
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

import click

from app.config import PROJECT
from benchmarks import figures, programs
from benchmarks.figures import Row, failure
from benchmarks.http import run as http

FOLDER = PROJECT / "instance" / "benchmarks"
Found = tuple[Sequence[Row], Sequence[Row]]
"""Rows of the first table and of the second."""
Part = Callable[[], Found]


def main() -> None:
    options = _options()
    signal.signal(signal.SIGTERM, _ended)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    where = figures.machine()
    options.folder.mkdir(parents=True, exist_ok=True)
    pages: list[Row] = []
    others: list[Row] = []
    for name, part in _parts(options).items():
        if options.only and name not in options.only:
            continue
        click.echo(f"\n== {name}")
        began = time.monotonic()
        own, more = _done(name, part)
        pages.extend(own)
        others.extend(more)
        click.echo(f"{name}: {time.monotonic() - began:.0f} s")
    text = figures.tables(where, pages, others)
    click.echo(f"\n{text}")
    if not (options.quick or options.only):
        figures.write(text)
    if any(row.is_failure for row in (*pages, *others)):
        raise SystemExit(1)


def _ended(_number: int, _frame: FrameType | None) -> None:
    """Told to end: on the way out, whatever was started is ended."""
    raise SystemExit(1)


def _done(name: str, part: Part) -> Found:
    """What a part found, or the row that says why it found nothing."""
    try:
        return part()
    except Exception as wrong:  # noqa: BLE001  (whatever it is, it is told in the table)
        click.echo(traceback.format_exc(), err=True)
        return [], [failure(name, f"{type(wrong).__name__}: {wrong}")]


def _parts(options: argparse.Namespace) -> dict[str, Part]:
    """By name, in order. The seconds are what a part may take before it is ended, several times
    what it needs on a quiet machine."""
    quick: bool = options.quick
    plan = http.QUICK if quick else http.FULL
    posts = 80 if quick else 2_000
    sizes = [1_000, 10_000] if quick else [10_000, 100_000]

    def of_http() -> Found:
        found = http.run(options.folder, plan.asking(options.requests))
        return found.pages, found.others

    return {
        "http": of_http,
        "posting": _others(lambda: programs.posting("", posts, 180)),
        "posting-postgresql": _others(lambda: programs.posting("postgresql", posts, 240)),
        "matching": _others(lambda: programs.matching(1_000 if quick else 10_000, 240)),
        "quality": _others(lambda: programs.with_data(options.data, 600)),
        "growth": _others(
            lambda: programs.growth(options.folder / "growth", sizes, 2 if quick else 8, 400)
        ),
    }


def _others(rows: Callable[[], Iterator[Row]]) -> Part:
    return lambda: ([], list(rows()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="a small site and few rounds")
    parser.add_argument("--only", nargs="+", metavar="PART", help="http, posting, growth ...")
    parser.add_argument("--data", type=Path, help="a folder with `spam` and `matching` in it")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where databases are kept")
    parser.add_argument("--requests", type=int, help="of the look at memory")
    return parser.parse_args()


if __name__ == "__main__":
    main()
