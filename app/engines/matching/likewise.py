"""Which of some thousand texts are alike by their words, in little memory.

A text is kept as numbers: twelve bytes for each of its stems. Texts are compared one after another
with those before, so that no more than one text's neighbours are ever in memory beside what is
found. Objects for every stem and every pair took a hundred times that, and what a process once
needed it hardly gives back.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from app.engines.matching.likeness import Library

Pair = tuple[int, int]
"""Two texts by their numbers, the smaller first."""
MOST_SHARED = 100
"""A stem that stands in more of the texts brings no two of them together: it costs the square of
its number, and says little where so many say it."""
MOST_NEAR = 50
"""Neighbours with a smaller number that are kept of each text, so that a hundred times the same
text stays a list."""


class Texts:
    """Texts by their numbers, each with how much its stems count in it. Each is put in once."""

    def __init__(self) -> None:
        self._refs = array("q")
        self._begins = array("I", [0])
        self._stems = array("I")
        self._counts = array("d")
        self._numbers: dict[str, int] = {}

    @classmethod
    def of(cls, texts: Mapping[int, Mapping[str, float]]) -> Texts:
        made = cls()
        for ref, counts in texts.items():
            made.add(ref, counts)
        return made

    def add(self, ref: int, counts: Mapping[str, float]) -> None:
        numbers = self._numbers
        self._refs.append(ref)
        self._stems.extend(numbers.setdefault(stem, len(numbers)) for stem in counts)
        self._counts.extend(counts.values())
        self._begins.append(len(self._stems))

    @property
    def stems(self) -> Collection[str]:
        """All that any of them says."""
        return self._numbers.keys()

    def alike(self, library: Library, least: float) -> dict[Pair, float]:
        """The pairs whose stems are alike: the cosine of their counts, each stem by its rarity,
        where it is at least `least`; the same in whatever order they were put in."""
        weights = self._weights(array("d", (library.rarity(stem) for stem in self._numbers)))
        saying = _Saying(self._stems, weights)
        found: dict[Pair, float] = {}
        for row in sorted(range(len(self._refs)), key=self._refs.__getitem__):
            ref = self._refs[row]
            shared = saying.before(ref, self._places(row))
            close = ((score, -other) for other, score in shared.items() if score >= least)
            for score, other in heapq.nlargest(MOST_NEAR, close):
                found[-other, ref] = score
        return found

    def _places(self, row: int) -> range:
        return range(self._begins[row], self._begins[row + 1])

    def _weights(self, rarity: array[float]) -> array[float]:
        """Each text as a row of length one; zeros for one that says nothing telling."""
        weights = array("d", self._counts)
        for row in range(len(self._refs)):
            places = self._places(row)
            for at in places:
                weights[at] *= rarity[self._stems[at]]
            length = math.sqrt(math.fsum(weights[at] ** 2 for at in places))
            for at in places if length else ():
                weights[at] /= length
        return weights


class _Saying:
    """Who says a stem, and with what weight, among the texts that were looked at so far."""

    def __init__(self, stems: array[int], weights: array[float]) -> None:
        self._stems, self._weights = stems, weights
        self._times = _times(stems, weights)
        self._said: dict[int, tuple[array[int], array[float]]] = {}

    def before(self, ref: int, places: range) -> Mapping[int, float]:
        """What this text shares with those before it; it is among them from now on."""
        shared: dict[int, float] = defaultdict(float)
        for stem, weight in self._bringing(places):
            refs, weights = self._said.setdefault(stem, (array("q"), array("d")))
            for other, its in zip(refs, weights, strict=True):
                shared[other] += weight * its
            refs.append(ref)
            weights.append(weight)
        return shared

    def _bringing(self, places: range) -> Iterator[tuple[int, float]]:
        """The stems of a text that may bring it together with others, with their weights."""
        for at in places:
            stem, weight = self._stems[at], self._weights[at]
            if weight > 0 and 1 < self._times[stem] <= MOST_SHARED:
                yield stem, weight


def _times(stems: array[int], weights: array[float]) -> array[int]:
    """In how many texts each stem stands and says something."""
    times = array("I", bytes(array("I").itemsize * (max(stems, default=-1) + 1)))
    for stem, weight in zip(stems, weights, strict=True):
        if weight > 0:
            times[stem] += 1
    return times
