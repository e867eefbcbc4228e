"""CSV for spreadsheets: nothing runs, nothing is lost."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.tables import csv_lines, harmless

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_i04_a_cell_that_a_spreadsheet_would_run_is_text(begin: str) -> None:
    ((cell,),) = read(csv_lines([[f"{begin}cmd|'/C calc'!A0"]]))
    assert cell == f"'{begin}cmd|'/C calc'!A0"


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4))
def test_i04_quotes_newlines_and_separators_come_back_as_they_were(rows: list[list[str]]) -> None:
    back = read(csv_lines(rows))
    assert back == [[harmless(cell) for cell in row] for row in rows]
    for sent, got in zip(rows, back, strict=True):
        for cell, same in zip(sent, got, strict=True):
            assert same in (cell, f"'{cell}")


def test_nothing_is_an_empty_cell_and_a_number_its_digits() -> None:
    assert csv_lines([[None, 7, "a"]]) == '"","7","a"\r\n'
