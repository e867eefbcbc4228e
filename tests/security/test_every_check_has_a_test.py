"""No check that stops a release is without a test that bears its number."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

APPLIES = {
    "X01": "a comment's body runs nothing, through every door and in every reader",
    "X02": "an author's name runs nothing",
    "X03": "an address is kept only where it is http or https",
    "X04": "titles, tags, searches, messages and unknown paths run nothing",
    "X05": "what strangers sent runs nothing at the desk and in the record",
    "X07": "links lead to http, https and mailto; no picture is asked of another host",
    "V01": "no page shows a hidden text",
    "V02": "no feed does",
    "V03": "no search, excerpt or suggestion does",
    "V04": "a hidden id is answered like one that never was",
    "V05": "no count moves",
    "V06": "no cache keeps what was hidden or shows what is not for one",
    "V08": "no mail tells those whom it does not concern",
    "V09": "a waiting text is shown to its own writer and nobody else",
    "V11": "nobody exports what is not theirs",
    "A01": "a session is new after signing in",
    "A02": "the cookie's name and flags",
    "A03": "a session that ended is dead in every copy",
    "A05": "tries to sign in are limited",
    "A07": "known and unknown addresses are answered alike",
    "A08": "and in the same time",
    "A11": "mailed secrets: long, single use, an hour, hashed",
    "A12": "mailed links bear the configured host",
    "A15": "no debugger and no trace of a fault is shown",
    "P01": "role by route by method",
    "P02": "nobody acts on what is another's",
    "P03": "fields that no form has change nothing",
    "C01": "no form is taken from another site",
    "C03": "no other site may read an answer",
    "C04": "nobody is sent elsewhere",
    "C06": "no address is built on what a request claims",
    "I01": "search and order take no SQL and no operators",
    "I02": "no mail gets a header that somebody typed",
    "I04": "no cell of an export is run by a spreadsheet",
    "I05": "an import expands no entity and asks for nothing",
    "I10": "no address that a stranger wrote is fetched",
    "S01": "how often somebody may write",
    "S02": "an address is believed only of configured proxies",
    "S08": "no pattern that a moderator types takes long",
    "S09": "no text takes long to draw",
    "S10": "no body takes more than its limit",
    "U01": "nobody looks like staff",
    "U04": "a text comes back as it was sent, or is refused, on both databases",
    "D07": "a text at the limit is whole, and one beyond it refused",
}
NOT_YET: dict[str, str] = {}


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in TESTS.rglob("test_*.py") if path != Path(__file__)))


def written_in(path: Path) -> Iterator[tuple[str, str]]:
    """The tests of a file, each with its docstring and, for the part of the file that is about
    one thing only, the file's."""
    tree = ast.parse(path.read_text())
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, ast.get_docstring(node) or ""


@cache
def shown() -> dict[str, tuple[str, ...]]:
    """Check to the tests that bear its number in their names (`test_x01_…`) or docstrings."""
    found: dict[str, list[str]] = {}
    for path in files():
        for name, words in written_in(path):
            numbers = {*re.findall(r"(?<=_)[a-z][0-9]{2}(?=_)", name)}
            numbers |= {*re.findall(r"\b[A-Z][0-9]{2}\b", words)}
            for number in numbers:
                found.setdefault(number.upper(), []).append(f"{path.name}::{name}")
    return {number: tuple(names) for number, names in found.items()}


@pytest.mark.parametrize("check", sorted(APPLIES))
def test_a_check_that_stops_a_release_has_a_test(check: str) -> None:
    assert shown().get(check), f"{check}: {APPLIES[check]}"


def test_what_does_not_apply_yet_is_not_tested_either() -> None:
    """Once it is, its line moves up, where it cannot be lost again."""
    assert not set(NOT_YET) & set(shown())
    assert not set(NOT_YET) & set(APPLIES)
