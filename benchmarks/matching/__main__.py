"""`python -m benchmarks.matching`: see the package."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app import config
from app.cli.matching import at_start
from app.infra.meaning import Encoder
from app.search import seat
from benchmarks.matching import __doc__ as about
from benchmarks.matching import limits, memory, published, sets, speed, words_learnt
from benchmarks.matching.measures import NAMES
from benchmarks.matching.shelf import Method, Shelf, measured

SIZES = (1_000, 10_000, 100_000)
NAME_WIDTH = 62


def main() -> None:
    wishes = _wishes()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    folder = _model(wishes.model)
    if wishes.data is not None:
        _quality(wishes.data, Encoder(folder) if folder else None, wishes.every)
        click.echo(memory.said())
    if wishes.limits:
        _limits(wishes.data, folder)
    if wishes.speed is not None or (wishes.data is not None and not wishes.no_speed):
        _speed(wishes.speed or SIZES, wishes.database, folder)
        click.echo(memory.said())


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a folder with sets of questions")
    parser.add_argument("--model", type=Path, help="a folder with model.onnx and tokenizer.json")
    parser.add_argument("--every", type=int, default=1, help="only each Nth question")
    parser.add_argument(
        "--speed", type=int, nargs="*", metavar="TEXTS", help="sizes to be measured"
    )
    parser.add_argument("--no-speed", action="store_true", help="only how well")
    parser.add_argument("--limits", action="store_true", help="and the limits of gaps and phrases")
    parser.add_argument("--database", default="", help="an empty one for speed; else SQLite")
    wishes = parser.parse_args()
    if wishes.data is None and (wishes.speed is None or wishes.limits):
        parser.error("--data or --speed says what to measure")
    if wishes.data is not None and not sets.files_below(wishes.data):
        parser.exit(1, f"There is no corpus.jsonl or candidates.jsonl below {wishes.data}.\n")
    return wishes


def _model(named: Path | None) -> Path | None:
    """Where the model is; says what is gone by."""
    given = {"THRESHOLD_MODE": "demo", **os.environ}
    settings = config.read({**given, "MATCHING_MODEL": str(named)} if named else given)
    click.echo(at_start(settings))
    return seat.model_folder(settings)


def _quality(data: Path, encoder: Encoder | None, every: int) -> None:
    for file in sets.files_below(data):
        try:
            found = sets.read(file)
        except sets.CannotRead as why:
            click.echo(f"left out: {why}", err=True)
            continue
        _show(found, Shelf(found, encoder), encoder is not None, every)


def _limits(data: Path, folder: Path | None) -> None:
    encoder = Encoder(folder) if folder else None
    for file in sets.files_below(data):
        found = sets.read(file)
        limits.show(found, encoder)
        words_learnt.show(found)


def _show(found: sets.Set, shelf: Shelf, has_model: bool, every: int) -> None:
    click.echo(f"\n{found.name}: {len(found.questions)} questions, {len(found.shelf)} texts")
    click.echo(" " * NAME_WIDTH + "".join(f"{name:>8}" for name in NAMES) + "  ms p95")
    for method, known in published.figures(found.name):
        click.echo(_row(method, known))
    methods: dict[str, Method] = {"words": shelf.by_words}
    if has_model:
        methods |= {"meaning": shelf.by_meaning, "both": shelf.by_both}
    if all(one.order for one in found.questions if one.among):
        click.echo(_row("as the set is ordered", measured(shelf, shelf.in_given_order, every)[0]))
    rows: dict[str, dict[str, float]] = {}
    for name, find in methods.items():
        rows[name], milliseconds = measured(shelf, find, every)
        click.echo(f"{_row(name, rows[name])}{milliseconds:8.1f}")
    if shelf.encoding_seconds:
        click.echo(f"encoding a question: {_milliseconds(shelf.encoding_seconds)}")
    for line in published.targets(found.name, rows):
        click.echo(f"target: {line}")


def _row(name: str, row: Mapping[str, float]) -> str:
    figures = (f"{row[one]:8.1f}" if one in row else " " * 8 for one in NAMES)
    return f"{name:{NAME_WIDTH}}{''.join(figures)}"


def _milliseconds(seconds: Sequence[float]) -> str:
    ordered = sorted(1000 * one for one in seconds)
    half, most = (ordered[int(share * len(ordered))] for share in (0.5, 0.95))
    return f"median {half:.1f} ms, p95 {most:.1f} ms of work"


def _speed(sizes: Sequence[int], database: str, model: Path | None) -> None:
    click.echo(f"\n{speed.HEAD}")
    for line in speed.measure(sizes, database, model):
        click.echo(str(line))


if __name__ == "__main__":
    main()
