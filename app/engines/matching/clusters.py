"""Texts that are alike put together: which of them belong to one cluster, and the words that bind
it. Which are alike by their words tells `likewise`.

A text joins a cluster only where it is like the cluster's middle, so that a chain of neighbours
(hip to leg, leg to foot, foot to shoe) never becomes one heap. The result is the same in whatever
order the texts come.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.engines.matching.likeness import Library
from app.engines.matching.likewise import Pair
from app.engines.matching.reasons import says_what
from app.engines.matching.stems import words

BOUND_BY = 0.5
"""The share of a cluster's texts that must say a word for it to bind them."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Texts that are like the one in their middle, which is among the members."""

    middle: int
    members: tuple[int, ...]


def clusters(refs: Collection[int], edges: Mapping[Pair, float]) -> list[Cluster]:
    """Every text in exactly one cluster, those that nothing is like alone; biggest first.

    `edges` are the pairs that are alike enough, with how like they are, more than 0. The middle is
    the text with the most likeness around it, the smaller number of two; it takes all that are
    like it, and what is left goes on without them.
    """
    near: dict[int, dict[int, float]] = {ref: {} for ref in refs}
    for (one, other), strength in edges.items():
        near[one][other] = near[other][one] = strength
    waiting = [(-_around(ref, near), ref) for ref in near]
    heapq.heapify(waiting)
    left = set(near)
    found: list[Cluster] = []
    while waiting:
        strength, ref = heapq.heappop(waiting)
        if ref not in left or -strength != _around(ref, near):
            continue  # taken, or put in again with less around it
        taken = {ref, *near[ref]}
        found.append(Cluster(ref, tuple(sorted(taken))))
        left -= taken
        for changed in _let_go(taken, near):
            heapq.heappush(waiting, (-_around(changed, near), changed))
    return sorted(found, key=lambda one: (-len(one.members), one.middle))


def _around(ref: int, near: Mapping[int, Mapping[int, float]]) -> float:
    return math.fsum(near[ref].values())  # exact, whatever the order


def _let_go(taken: set[int], near: dict[int, dict[int, float]]) -> set[int]:
    """Take texts out of the others' neighbourhoods; those that lost one."""
    changed: set[int] = set()
    for ref in taken:
        for other in near.pop(ref):
            if other not in taken:
                del near[other][ref]
                changed.add(other)
    return changed


def binding_words(texts: Iterable[str], library: Library, most: int = 5) -> tuple[str, ...]:
    """The words that at least half of the texts share, as their writers wrote them most often, the
    rarest first; of one text alone, its own rarest words. None that says nothing by itself ("up",
    "turn"), or that stands in a third of all texts."""
    spoken: dict[str, Counter[str]] = defaultdict(Counter)
    said_in: Counter[str] = Counter()
    read = 0
    for text in texts:
        read += 1
        here = [(word.stem, text[word.start : word.end].casefold()) for word in words(text)]
        telling = [(stem, word) for stem, word in here if says_what(stem, library)]
        said_in.update({stem for stem, _ in telling})
        for stem, word in telling:
            spoken[stem][word] += 1
    enough = max(math.ceil(read * BOUND_BY), min(2, read))
    shared = [stem for stem, times in said_in.items() if times >= enough]
    rarest = sorted(shared, key=lambda stem: (-library.rarity(stem), -said_in[stem], stem))
    return tuple(_most_written(spoken[stem]) for stem in rarest[:most])


def _most_written(forms: Counter[str]) -> str:
    return min(forms, key=lambda word: (-forms[word], word))
