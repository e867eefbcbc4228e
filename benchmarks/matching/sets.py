"""Sets of questions whose answers are known, read as they are published.

The layouts vary in what they leave out, so a missing title, a number for an id, a question that
nobody judged, grades instead of yes and no, and judgements in several files are all read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CORPUS, QUERIES, QRELS, CANDIDATES = "corpus.jsonl", "queries.jsonl", "qrels", "candidates.jsonl"
SPLIT = "test"
"""Of several files of judgements the one that figures are published for."""

Grades = Mapping[int, float]


class CannotRead(Exception):
    """A set that is not of its layout; says where."""


@dataclass(frozen=True, slots=True)
class Text:
    """The title may be empty."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """`among` are the places in the shelf that may be found, `grades` how relevant some of them
    are, and `order` how the set itself ordered them, where it says so."""

    text: Text
    among: Sequence[int]
    grades: Grades
    order: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    shelf: Sequence[Text]
    questions: Sequence[Question]


def files_below(folder: Path) -> list[Path]:
    """The files that begin a set, in one order."""
    return sorted(file for file in folder.rglob("*.jsonl") if file.name in (CORPUS, CANDIDATES))


def read(file: Path) -> Set:
    """The set that begins with this file. Raises CannotRead."""
    try:
        return _retrieval(file.parent) if file.name == CORPUS else _ordering(file)
    except (OSError, KeyError, TypeError, AttributeError, UnicodeDecodeError) as fault:
        raise CannotRead(f"{file.parent.name}: {type(fault).__name__}: {fault}") from fault


def _retrieval(folder: Path) -> Set:
    """Questions that nobody judged are left out; one whose judged texts are not in the corpus
    finds nothing."""
    rows = list(_lines(folder / CORPUS))
    place = {str(row["_id"]): at for at, row in enumerate(rows)}
    shelf = [_text(row) for row in rows]
    judged: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for query, text, grade in _judgements(folder):
        judged[query]  # a question without anything relevant counts as well
        if text in place:
            judged[query][place[text]] = grade
    questions = []
    for row in _lines(folder / QUERIES):
        name, asked = str(row["_id"]), _text(row)
        if name in judged:
            own = place.get(name)
            is_itself = own is not None and shelf[own] == asked and own not in judged[name]
            questions.append(Question(asked, _all_but(len(shelf), own if is_itself else None),
                                      judged[name]))  # fmt: skip
    return Set(folder.name, shelf, questions)


def _all_but(count: int, own: int | None) -> Sequence[int]:
    """A question that stands in the corpus itself is not to find itself."""
    return range(count) if own is None else [at for at in range(count) if at != own]


def _judgements(folder: Path) -> Iterator[tuple[str, str, float]]:
    files = sorted([*(folder / QRELS).glob("*.tsv"), *folder.glob(f"{QRELS}*.tsv")])
    if not files:
        raise CannotRead(f"{folder.name}: there is no {QRELS}/*.tsv beside {CORPUS}")
    chosen = [file for file in files if file.stem == SPLIT] or files
    for file in chosen:
        with file.open(encoding="utf-8") as opened:
            for number, line in enumerate(opened, 1):
                found = _judgement(line)
                if found is not None:
                    yield found
                elif number > 1 and line.strip():
                    raise CannotRead(f"{folder.name}: line {number} of {file.name} is no judgement")


def _judgement(line: str) -> tuple[str, str, float] | None:
    """Question, text and grade; also with the column of noughts that the older layout has. None
    for a heading."""
    parts = line.split("\t") if "\t" in line else line.split()
    if len(parts) not in (3, 4):
        return None
    try:
        return parts[0].strip(), parts[-2].strip(), float(parts[-1])
    except ValueError:
        return None


def _ordering(file: Path) -> Set:
    shelf: list[Text] = []
    questions = []
    for row in _lines(file):
        first = len(shelf)
        theirs = row.get("candidates") or []
        shelf += [_text(one) for one in theirs]
        grades = {first + at: float(one.get("relevant") or 0) for at, one in enumerate(theirs)}
        ranks = {first + at: one["rank"] for at, one in enumerate(theirs) if one.get("rank")}
        order = sorted(ranks, key=ranks.__getitem__) if len(ranks) == len(theirs) else ()
        questions.append(Question(_text(row), range(first, len(shelf)), grades, order))
    return Set(file.parent.name, shelf, questions)


def _text(row: Mapping[str, Any]) -> Text:
    return Text(str(row.get("title") or "").strip(), str(row.get("text") or "").strip())


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as opened:
        for number, line in enumerate(opened, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as fault:
                    raise CannotRead(
                        f"{file.parent.name}: line {number} of {file.name}: {fault}"
                    ) from fault
