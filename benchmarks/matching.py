"""How well a question finds what answers it: public sets of questions, by words and by meaning.

    .venv/bin/python -m benchmarks.matching --data DIR [--model FOLDER] [--every N]
    .venv/bin/python -m benchmarks.matching --speed [TEXTS ...] [--database URL] [--model FOLDER]

Finds every set below DIR by its layout. `corpus.jsonl` with `queries.jsonl` and `qrels/*.tsv`: each
question searches the whole corpus. `candidates.jsonl`: each question orders the few texts it comes
with; where none of them is relevant it counts as nought, as those who published the set count. One
row a set and method, in percent. The model is a folder with `model.onnx` and `tokenizer.json`;
without it, words alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from app.engines.matching.likeness import Library, Profile, joined, likeness, profile
from app.infra.meaning import Encoder, Vectors
from benchmarks import matching_speed

CANDIDATES = 100
"""Of each kind, whose likeness is computed."""
SIZES = (1_000, 10_000, 100_000)
Scores = Mapping[int, float]
Method = Callable[["Question"], Scores]


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Question:
    """`among` are the places in the shelf that may be found, `relevant` those that should be."""

    text: Text
    among: Sequence[int]
    relevant: frozenset[int]


@dataclass(frozen=True, slots=True)
class Set:
    name: str
    shelf: Sequence[Text]
    questions: Sequence[Question]


def sets_below(folder: Path) -> Iterator[Set]:
    for file in sorted(folder.rglob("*.jsonl")):
        if file.name == "corpus.jsonl":
            yield _retrieval(file.parent)
        elif file.name == "candidates.jsonl":
            yield _ordering(file)


def _retrieval(folder: Path) -> Set:
    rows = list(_lines(folder / "corpus.jsonl"))
    place = {row["_id"]: at for at, row in enumerate(rows)}
    relevant: defaultdict[str, set[int]] = defaultdict(set)
    for file in sorted((folder / "qrels").glob("*.tsv")):
        with file.open(encoding="utf-8", newline="") as opened:
            for query, text, score in list(csv.reader(opened, delimiter="\t"))[1:]:
                if float(score) > 0 and text in place:
                    relevant[query].add(place[text])
    everything = range(len(rows))
    questions = [
        Question(_text(row), everything, frozenset(relevant[row["_id"]]))
        for row in _lines(folder / "queries.jsonl")
        if row["_id"] in relevant
    ]
    return Set(folder.name, [_text(row) for row in rows], questions)


def _ordering(file: Path) -> Set:
    shelf: list[Text] = []
    questions = []
    for row in _lines(file):
        first = len(shelf)
        shelf += [_text(one) for one in row["candidates"]]
        found = frozenset(first + at for at, one in enumerate(row["candidates"]) if one["relevant"])
        questions.append(Question(_text(row), range(first, len(shelf)), found))
    return Set(file.parent.name, shelf, questions)


def _text(row: Mapping[str, Any]) -> Text:
    title, body = row.get("title") or "", row.get("text") or ""
    return Text(title or body, body if title else "")


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as opened:
        yield from (json.loads(line) for line in opened if line.strip())


class Shelf:
    """A set made ready: profiles, what is known of all of them, and vectors where there is a
    model."""

    def __init__(self, texts: Sequence[Text], encoder: Encoder | None) -> None:
        self.profiles = [profile(text.title, text.body) for text in texts]
        spread: Counter[str] = Counter()
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self.profiles):
            spread.update(one.whole.keys())
            for stem in one.whole:
                self._having[stem].append(at)
        count = len(texts) or 1
        self.library = Library(
            len(texts),
            sum(one.title_length for one in self.profiles) / count,
            sum(one.text_length for one in self.profiles) / count,
            spread,
        )
        self._encoder = encoder
        self._vectors: Vectors | None = None
        if encoder is not None:
            with click.progressbar(length=len(texts), label="Reading the texts") as bar:
                parts = []
                for part in encoder.read([(text.title, text.body) for text in texts]):
                    parts.append(part)
                    bar.update(len(part))
            self._vectors = np.concatenate(parts)

    def by_words(self, question: Question) -> Scores:
        asked = _asked(question.text)
        chosen = self._likely(asked, question.among)
        return likeness(asked, {at: self.profiles[at] for at in chosen}, self.library)

    def by_meaning(self, question: Question) -> Scores:
        if self._encoder is None or self._vectors is None:
            raise RuntimeError("there is no model")
        among = np.fromiter(question.among, np.int64)
        (asked,) = self._encoder.read([(question.text.title, question.text.body)])
        scores = self._vectors[among] @ asked[0]
        best = np.argsort(-scores)[:CANDIDATES]
        return {int(among[at]): float(scores[at]) for at in best}

    def by_both(self, question: Question) -> Scores:
        return joined(self.by_words(question), self.by_meaning(question))

    def _likely(self, asked: Profile, among: Sequence[int]) -> Sequence[int]:
        """As the index of a site answers: those with the most telling words, titles first."""
        if len(among) <= CANDIDATES:
            return among
        scores: Counter[int] = Counter()
        for stem in asked.whole:
            rarity = self.library.rarity(stem)
            for at in self._having.get(stem, ()):
                scores[at] += rarity * (3 if stem in self.profiles[at].title else 1)  # type: ignore[assignment]
        return [at for at, _ in scores.most_common(CANDIDATES)]


def _asked(text: Text) -> Profile:
    return profile(text.title, text.body)


@dataclass(frozen=True, slots=True)
class Row:
    """Means over all questions, in percent."""

    map: float
    mrr: float
    first: float
    five: float
    recall: float
    ndcg: float
    milliseconds: float


def measured(questions: Sequence[Question], method: Method) -> Row:
    columns: list[tuple[float, ...]] = []
    times = []
    for question in questions:
        begun = time.perf_counter()
        scores = method(question)
        times.append(time.perf_counter() - begun)
        order = sorted(scores, key=lambda at, found=scores: (-found[at], at))
        columns.append(_metrics(order, question.relevant))
    means = [100 * sum(column) / len(columns) for column in zip(*columns, strict=True)]
    return Row(*means, milliseconds=1000 * sorted(times)[int(0.95 * len(times))])


def _metrics(order: Sequence[int], relevant: frozenset[int]) -> tuple[float, ...]:
    if not relevant:
        return (0.0,) * 6
    hits = [at in relevant for at in order]
    seen = 0
    precision = 0.0
    for rank, hit in enumerate(hits, 1):
        seen += hit
        precision += hit * seen / rank
    first = next((rank for rank, hit in enumerate(hits, 1) if hit), None)
    gain = sum(hit / math.log2(rank + 1) for rank, hit in enumerate(hits[:10], 1))
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))
    return (
        precision / len(relevant),
        1 / first if first else 0.0,
        float(hits[0]) if hits else 0.0,
        sum(hits[:5]) / 5,
        sum(hits[:10]) / len(relevant),
        gain / ideal,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with sets of questions")
    parser.add_argument("--model", type=Path, help="a folder with model.onnx and tokenizer.json")
    parser.add_argument("--every", type=int, default=1, help="only each Nth question")
    parser.add_argument("--speed", type=int, nargs="*", metavar="TEXTS", help="and how quick")
    parser.add_argument("--database", default="", help="an empty one for that; else SQLite")
    wishes = parser.parse_args()
    if wishes.data is None and wishes.speed is None:
        parser.error("--data or --speed says what to measure")
    if wishes.data is not None:
        show_quality(wishes, parser)
    if wishes.speed is not None:
        click.echo(matching_speed.HEAD)
        sizes = wishes.speed or SIZES
        for line in matching_speed.measure(sizes, wishes.database, wishes.model):
            click.echo(str(line))


def show_quality(wishes: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    encoder = Encoder(wishes.model) if wishes.model else None
    found = list(sets_below(wishes.data))
    if not found:
        parser.exit(1, f"There is no corpus.jsonl or candidates.jsonl below {wishes.data}.\n")
    click.echo("set              method    MAP   MRR   P@1   P@5  R@10  nDCG@10  p95 ms")
    for one in found:
        shelf = Shelf(one.shelf, encoder)
        methods: dict[str, Method] = {"words": shelf.by_words}
        if encoder is not None:
            methods |= {"meaning": shelf.by_meaning, "both": shelf.by_both}
        for name, method in methods.items():
            row = measured(one.questions[:: wishes.every], method)
            click.echo(
                f"{one.name:16} {name:7} {row.map:5.1f} {row.mrr:5.1f} {row.first:5.1f} "
                f"{row.five:5.1f} {row.recall:5.1f} {row.ndcg:8.1f} {row.milliseconds:7.1f}"
            )


if __name__ == "__main__":
    main()
