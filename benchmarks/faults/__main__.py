"""`python -m benchmarks.faults`: see the package."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from pathlib import Path

import click

from benchmarks.faults import table
from benchmarks.faults.outcome import NotHere, Outcome
from benchmarks.faults.place import Place, own_postgres
from benchmarks.faults.registry import BOTH, Experiment, experiments
from benchmarks.faults.table import Result


@click.command()
@click.argument("names", nargs=-1)
@click.option("--times", default=3, help="How often each is done; all must pass.")
@click.option("--database", default="both", type=click.Choice([*BOTH, "both"]))
@click.option("--server", default="", help="The URL of a PostgreSQL to make databases on.")
@click.option("--minutes", default=120.0, help="How long the soak (R24) lasts.")
@click.option("--logs", type=click.Path(path_type=Path), help="Keep what the servers logged here.")
@click.option("--quick", is_flag=True, help="Small numbers: a look in place of a proof.")
@click.option("--write/--no-write", default=True, help="Lay what was found into README.md.")
def main(
    names: tuple[str, ...],
    times: int,
    database: str,
    server: str,
    minutes: float,
    logs: Path | None,
    *,
    quick: bool,
    write: bool,
) -> None:
    """Do the experiments NAMES (R01 R05 …), or all of them."""
    wanted = _wanted(names)
    kinds = BOTH if database == "both" else (database,)
    results = []
    with tempfile.TemporaryDirectory(prefix="faults-") as made:
        needs_postgres = "postgresql" in kinds and any(
            "postgresql" in one.databases for one in wanted
        )
        if needs_postgres and not server:
            server = own_postgres(Path(made))
        for one in wanted:
            for kind in kinds:
                if kind in one.databases:
                    place = Place(
                        Path(made),
                        kind,
                        postgres=server,
                        is_quick=quick,
                        minutes=minutes,
                        logs=logs,
                        tell=_tell,
                    )
                    results.append(_done(one, place, times))
                    if write:
                        table.write(results[-1:])
    failed = [f"{one.name} on {one.database}" for one in results if not one.has_passed]
    if failed:
        raise click.ClickException(f"Not survived: {', '.join(failed)}.")
    click.echo(f"{len(results)} experiments, each {times} times: all survived.")


def _wanted(names: tuple[str, ...]) -> list[Experiment]:
    known = experiments()
    asked = {name.upper() for name in names}
    if missing := asked - {one.name for one in known}:
        raise click.BadParameter(f"there is no {', '.join(sorted(missing))}")
    return [one for one in known if not asked or one.name in asked]


def _done(one: Experiment, place: Place, times: int) -> Result:
    outcomes = []
    started = time.monotonic()
    for number in range(1, times + 1):
        click.echo(f"{one.name} on {place.kind}, {number} of {times}: {one.about}")
        began = time.monotonic()
        try:
            outcome = one.run(place)
        except NotHere as missing:
            outcome = Outcome(False, "", [], [f"not shown: {missing}"])
        except Exception as wrong:  # noqa: BLE001  (the next experiment goes on; the table tells)
            traceback.print_exc()
            outcome = Outcome(False, "", [], [f"it broke off: {type(wrong).__name__}: {wrong}"])
        click.echo(
            f"  {'passed' if outcome.passed else 'FAILED'} in {_since(began)}: {outcome.figures}"
        )
        for claim in outcome.broken:
            click.echo(f"  - {claim}")
        outcomes.append(outcome)
    lasted = time.monotonic() - started
    return Result(one.name, one.about, place.kind, place.is_quick, outcomes, lasted)


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.0f} s"


def _tell(words: str) -> None:
    click.echo(f"  … {words}")
    sys.stdout.flush()


main()
