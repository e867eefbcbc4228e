"""What others reached on a set, and what was to be reached here (`published.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.matching.measures import NAMES

WITHIN = 1.0
"""Points of MAP that both together may stand below the better of the two, on any set."""

Found = Mapping[str, Mapping[str, float]]
"""The measures by method."""


def figures(name: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Method and source, and the measures that are known of it."""
    for row in _table()["figure"]:
        if row["set"] == name:
            known = {measure: row[measure] for measure in NAMES if measure in row}
            yield f"{row['method']} ({row['source']})", known


def targets(name: str, found: Found) -> Iterator[str]:
    """A line for each target of a set that says whether it is met; what was not measured (there is
    no model) is passed over."""
    for row in _table()["target"]:
        if row["set"] == name and row["method"] in found:
            reached = found[row["method"]][row["measure"]]
            yield _said(f"{row['measure']} of {row['method']}", reached, row["least"])
    if {"words", "meaning", "both"} <= found.keys():
        better = max(found["words"]["MAP"], found["meaning"]["MAP"])
        yield _said("MAP of both beside its better part", found["both"]["MAP"], better - WITHIN)


def _said(what: str, reached: float, least: float) -> str:
    return f"{what}: {reached:.1f}, wanted {least:.1f}: {'met' if reached >= least else 'missed'}"


def _table() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name("published.toml").read_text(encoding="utf-8"))
