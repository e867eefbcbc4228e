"""What a site of any size takes, reckoned from the bytes that were measured.

    python -m benchmarks.billion DIR/bytes.json [--comments 1000000000] [--memory 64] [--shards 16]

No machine here holds 10^9 comments. This takes the bytes a row of the largest site that was loaded
(`benchmarks.growth`), with its indexes, and says what the whole and one partition would take, how
deep an index is, and how much of what is read often stays in memory. Rows that come with comments
(documents, the record, people) are taken to grow with them.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

import click

PAGE = 8192
ENTRY_BYTES = 24
"""An entry of an index on a number, with its pointer."""
HOT_SHARE = 0.02
"""Of comments that are read often: the newest articles' and those that searches lead to."""
GIB = 2**30


@dataclass(frozen=True)
class Taken:
    """Bytes of one table for each comment of the site."""

    rows: float
    table: float
    indexes: float


def measured(told: dict[str, tuple[int, int, int]], comments: int) -> dict[str, Taken]:
    """By table; `told` is rows, bytes and bytes of indexes of a site of this many comments."""
    return {
        name: Taken(count / comments, table / comments, indexes / comments)
        for name, (count, table, indexes) in told.items()
    }


def depth(entries: float) -> int:
    """Levels of a B-tree on so many numbers, its pages three quarters full."""
    in_page = PAGE * 0.75 // ENTRY_BYTES
    return max(1, math.ceil(math.log(max(entries, 2), in_page)))


def total(taken: dict[str, Taken], comments: int) -> tuple[float, float]:
    """Bytes of all rows, and of all indexes."""
    return (
        comments * sum(one.table for one in taken.values()),
        comments * sum(one.indexes for one in taken.values()),
    )


def plan(taken: dict[str, Taken], comments: int, shards: int, memory: float) -> list[str]:
    """The lines that are printed; `memory` is GiB of each machine."""
    table, indexes = total(taken, comments)
    each = (table + indexes) / shards
    hot = HOT_SHARE * table / shards + indexes / shards * 0.2
    lines = [f"{comments:,} comments over {shards} machines of {memory:g} GiB memory"]
    for name, one in sorted(taken.items(), key=lambda pair: -pair[1].table - pair[1].indexes):
        whole = comments * (one.table + one.indexes)
        if whole > GIB / 10:
            lines.append(
                f"  {name:<18}{one.rows:>8.2f} rows a comment, {one.table:>7.0f} B + indexes"
                f" {one.indexes:>6.0f} B = {whole / GIB:>9,.0f} GiB"
            )
    lines += [
        (
            f"  all: {table / GIB:,.0f} GiB of rows, {indexes / GIB:,.0f} GiB of indexes;"
            f" {(table + indexes) / comments:,.0f} B a comment"
        ),
        (
            f"  one machine: {each / GIB:,.0f} GiB; depth of an index on comments {depth(comments)}"
            f" over all, {depth(comments / shards)} on one machine"
        ),
        f"  read often, with a fifth of the indexes: {hot / GIB:,.0f} GiB a machine, "
        + ("which stays in memory" if hot < memory * 0.6 * GIB else "MORE THAN ITS MEMORY"),
        f"  machines for which it stays there: {shards_for(taken, comments, memory)}",
    ]
    return lines


def shards_for(taken: dict[str, Taken], comments: int, memory: float) -> int:
    """How many machines keep in six tenths of their memory what is read often."""
    table, indexes = total(taken, comments)
    return math.ceil((HOT_SHARE * table + 0.2 * indexes) / (memory * 0.6 * GIB))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("bytes", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000_000)
    parser.add_argument("--memory", type=float, default=64, help="GiB of each machine")
    parser.add_argument("--shards", type=int, default=16)
    options = parser.parse_args()
    told = {int(size): tables for size, tables in json.loads(options.bytes.read_text()).items()}
    largest = max(told)
    click.echo(f"from a site of {largest:,} comments that was measured:")
    taken = measured(told[largest], largest)
    for line in plan(taken, options.comments, options.shards, options.memory):
        click.echo(line)


if __name__ == "__main__":
    main()
