"""A set made ready to be searched as the site searches, by words, by meaning and by both.

The texts are held in memory instead of the database, so that ten thousand questions are asked in
minutes; what is looked up, compared and weighed is the site's own (`search.candidates`,
`search.alike`, `engines.matching`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import click
import numpy as np

from app.engines.matching.likeness import Library, Profile, joined, likeness, profile
from app.infra.meaning import Encoder, Vectors
from app.search import vectors
from app.search.alike import LONGEST_ASKED, heading
from app.search.candidates import CANDIDATES, TITLE_COUNTS, looked_up
from benchmarks.matching.measures import means, of_order
from benchmarks.matching.sets import Set

_Item = TypeVar("_Item")

Scores = Mapping[int, float]
Method = Callable[[int], Scores]
"""From the number of a question to what it finds."""


class Shelf:
    def __init__(self, found: Set, encoder: Encoder | None) -> None:
        self.questions = found.questions
        texts = [heading(text.title, text.body) for text in found.shelf]
        self._profiles = [
            profile(title, rest) for title, rest in _shown(texts, "Reading the texts by words")
        ]
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for at, one in enumerate(self._profiles):
            for stem in one.whole:
                self._having[stem].append(at)
        count = len(self._profiles) or 1
        self.library = Library(
            len(self._profiles),
            sum(one.title_length for one in self._profiles) / count,
            sum(one.text_length for one in self._profiles) / count,
            {stem: len(places) for stem, places in self._having.items()},
        )
        asked = [heading(one.text.title, one.text.body[:LONGEST_ASKED]) for one in self.questions]
        self._asked = [profile(title, rest) for title, rest in asked]
        self.encoding_seconds: list[float] = []
        if encoder is not None:
            read = [(title, rest[: vectors.LONGEST_ENCODED]) for title, rest in texts]
            self._vectors = _encoded(encoder, read)
            self._meant = np.concatenate(list(self._each(encoder, asked)) or [self._vectors[:0]])

    def by_words(self, number: int) -> Scores:
        question = self._asked[number]
        chosen = self._likely(question, self.questions[number].among)
        return likeness(question, {at: self._profiles[at] for at in chosen}, self.library)

    def by_meaning(self, number: int) -> Scores:
        return self._near(number, ())

    def by_both(self, number: int) -> Scores:
        words = self.by_words(number)
        return joined(words, self._near(number, list(words)))

    def in_given_order(self, number: int) -> Scores:
        return {at: -float(rank) for rank, at in enumerate(self.questions[number].order)}

    def _near(self, number: int, also: Sequence[int]) -> dict[int, float]:
        """The nearest, and the cosines of what the words have found."""
        among = np.fromiter(self.questions[number].among, np.int64)
        scores = self._vectors[among] @ self._meant[number]
        best = among[np.argsort(-scores, kind="stable")[:CANDIDATES]]
        cosines = dict(zip(among.tolist(), scores.tolist(), strict=True))
        return {int(at): cosines[int(at)] for at in [*best, *also]}

    def _likely(self, asked: Profile, among: Sequence[int]) -> Sequence[int]:
        """As the site looks candidates up; a few that are given are all of them candidates."""
        if len(among) <= CANDIDATES:
            return among
        scores: defaultdict[int, float] = defaultdict(float)
        for stem in looked_up(asked.whole, self.library):
            rarity = self.library.rarity(stem)
            for at in self._having[stem]:
                in_title = stem in self._profiles[at].title
                scores[at] += rarity * (TITLE_COUNTS if in_title else 1)
        if len(among) < len(self._profiles):
            scores = defaultdict(float, {at: scores[at] for at in scores.keys() & set(among)})
        return sorted(scores, key=lambda at: (-scores[at], -at))[:CANDIDATES]

    def _each(self, encoder: Encoder, asked: Sequence[tuple[str, str]]) -> Iterator[Vectors]:
        """One by one, as people ask."""
        for title, rest in _shown(asked, "Reading the questions by meaning"):
            begun = time.process_time()
            yield from encoder.read([(title, rest[: vectors.LONGEST_ENCODED])])
            self.encoding_seconds.append(time.process_time() - begun)


def measured(shelf: Shelf, method: Method, every: int) -> tuple[dict[str, float], float]:
    """The means of all measures, and the p95 of a question in milliseconds of work, what encodes
    it left out."""
    rows, times = [], []
    for number in range(0, len(shelf.questions), every):
        begun = time.process_time()
        scores = method(number)
        times.append(1000 * (time.process_time() - begun))
        rows.append(of_order(best_first(scores), shelf.questions[number].grades))
    return means(rows), sorted(times)[int(0.95 * len(times))] if times else 0.0


def best_first(scores: Scores) -> list[int]:
    return sorted(scores, key=lambda at: (-scores[at], at))


def _encoded(encoder: Encoder, texts: Sequence[tuple[str, str]]) -> Vectors:
    parts = []
    with click.progressbar(length=len(texts), label="Reading the texts by meaning") as bar:
        for part in encoder.read(texts):
            parts.append(part)
            bar.update(len(part))
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


def _shown(items: Sequence[_Item], label: str) -> Iterator[_Item]:
    with click.progressbar(items, label=label) as bar:
        yield from bar
