"""Rows as lines of CSV that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula (OWASP, CSV injection)."""


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """These rows as CSV: every cell in quotes, lines ending in CR LF (RFC 4180). A cell that a
    spreadsheet would run gets an apostrophe in front, which says that it is text."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return lines.getvalue()


def harmless(cell: object) -> str:
    """The cell's text, never a formula; None is empty."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA_BEGINS) else text
