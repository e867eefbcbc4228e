"""Which tests bear the number of which check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]


@cache
def shown() -> dict[str, tuple[str, ...]]:
    """Check to the tests that bear its number in their names (`test_x01_…`) or docstrings."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for name, words in _written_in(path):
            numbers = {*re.findall(r"(?<=_)[a-z][0-9]{2}(?=_)", name)}
            numbers |= {*re.findall(r"\b[A-Z][0-9]{2}\b", words)}
            for number in numbers:
                found.setdefault(number.upper(), []).append(f"{path.name}::{name}")
    return {number: tuple(names) for number, names in found.items()}


def _written_in(path: Path) -> Iterator[tuple[str, str]]:
    """The tests of a file, each with its docstring."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""
