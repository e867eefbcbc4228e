"""`python -m benchmarks.desk`: see the package."""

from __future__ import annotations

import argparse
import logging
import tempfile
from contextlib import nullcontext
from pathlib import Path

import click

from app.infra.db import db
from benchmarks.desk import __doc__ as about
from benchmarks.desk.acting import Desk, tasks
from benchmarks.desk.bases import PostgresBases, SqliteBases, program
from benchmarks.desk.loading import Size
from benchmarks.desk.measuring import MOST_GROWTH, measure, show

TEN_TIMES = 10
A_PAGE = 20


def main() -> None:
    options = _options()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    named = nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory()
    with named as name:
        folder = Path(name).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("sqlite", "postgresql"):
            if options.database in (kind, "both"):
                grown = _measure(kind, folder, options)
                _conclude(kind, grown)


def _measure(kind: str, folder: Path, options: argparse.Namespace) -> list[str]:
    bases = SqliteBases(folder) if kind == "sqlite" else PostgresBases(folder, options.server)
    larger = options.comments * TEN_TIMES
    more = options.waiting * TEN_TIMES if options.share else options.waiting
    sizes = [Size(options.comments, options.waiting), Size(larger, more)]
    desks = {size.comments: Desk(program(bases.copy_of(size), folder)) for size in sizes}
    click.echo(f"\n{kind}: " + ", ".join(f"{s.waiting:,} of {s.comments:,} wait" for s in sizes))
    try:
        results = measure(desks, tasks(options.waiting // A_PAGE), options.rounds)
        return show(results)
    finally:
        for desk in desks.values():
            with desk.app.app_context():
                db.session.remove()
                db.engine.dispose()
        for size in sizes:
            bases.drop(size)


def _conclude(kind: str, grown: list[str]) -> None:
    if grown:
        click.echo(f"{kind}: more than {MOST_GROWTH} times: {', '.join(grown)}")
    else:
        click.echo(f"{kind}: nothing grew more than {MOST_GROWTH} times")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--comments", type=int, default=100_000, help="and ten times as many")
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--share", action="store_true", help="ten times as many wait, too")
    parser.add_argument("--database", default="both", choices=("sqlite", "postgresql", "both"))
    parser.add_argument("--server", default="", help="the URL of a PostgreSQL to make databases on")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", default="", help="where databases are made, and kept")
    return parser.parse_args()


main()
