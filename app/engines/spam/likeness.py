"""Whether two texts say nearly the same, and numbers by which such texts find each other.

A text is the set of its runs of five letters, whatever their case, spaces and signs. Two texts
are as like as the share of runs that they have in common (Jaccard). To find the few worth
comparing among many, each text leaves eight traces; a trace is made of the runs that come first
in four orders, so that two texts share one with the chance 1 - (1 - likeness^4)^8: 0.98 at a
likeness of 0.8, 0.06 at 0.3 (minhash with bands).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from bisect import bisect_left
from hashlib import blake2b

from app.engines.text.characters import without_invisible

RUN = 5
BANDS, ROWS = 8, 4
SHORTEST = 24
"""Letters below which a text leaves no trace: many people say "thank you, that helped"."""
MOST_RUNS = 1000
"""Of a longer text those are kept whose numbers are smallest: the same ones in a like text."""

_QUOTED = re.compile(r"^[ ]{0,3}>.*$", re.MULTILINE)
_LETTERS = re.compile(r"[\W_]+")
_MIX, _BITS = 0x9E3779B1, 0xFFFFFFFF


def _orders() -> tuple[tuple[int, ...], ...]:
    """For each band four numbers; the run whose number is nearest to one of them, in the sense of
    exclusive or, comes first in the order that it stands for."""
    seeds = [zlib.crc32(f"order {number}".encode()) for number in range(BANDS * ROWS)]
    return tuple(tuple(seeds[first : first + ROWS]) for first in range(0, len(seeds), ROWS))


_ORDERS = _orders()

Runs = frozenset[int]
"""A text as likeness sees it."""


def folded(source: str) -> str:
    """Letters and digits alone, in one case, without what cannot be seen."""
    seen = unicodedata.normalize("NFKC", without_invisible(source)).casefold()
    return _LETTERS.sub("", seen)


def runs(source: str) -> Runs:
    """The numbers of a text's runs; none for a text of fewer than 24 letters.

    What a writer quotes is left out, unless there is hardly anything else.
    """
    letters = folded(_QUOTED.sub("", source))
    if len(letters) < SHORTEST:
        letters = folded(source)
    if len(letters) < SHORTEST:
        return frozenset()
    coded = letters.encode("utf-32-le", "surrogatepass")
    width = RUN * 4
    parts = {coded[at : at + width] for at in range(0, len(coded) - width + 4, 4)}
    spread = [zlib.crc32(part) * _MIX & _BITS for part in parts]  # neighbours, over all 32 bits
    numbers = {number ^ (number >> 15) for number in spread}
    return frozenset(numbers if len(numbers) <= MOST_RUNS else sorted(numbers)[:MOST_RUNS])


def traces(of: Runs) -> tuple[int, ...]:
    """Eight numbers of 63 bits, or none where there are no runs; the same on every machine."""
    if not of:
        return ()
    numbers = sorted(of)
    found = []
    for band, orders in enumerate(_ORDERS):
        first = [_nearest(numbers, order) ^ order for order in orders]
        digest = blake2b(repr((band, first)).encode(), digest_size=8).digest()
        found.append(int.from_bytes(digest) >> 1)
    return tuple(found)


def likeness(one: Runs, other: Runs) -> float:
    """From 0 (nothing in common) to 1 (the same); 0 where either is empty.

    Exact up to a thousand runs each, beyond that an estimate from as many.
    """
    if not one or not other:
        return 0.0
    if len(one) < MOST_RUNS or len(other) < MOST_RUNS:
        return len(one & other) / len(one | other)
    smallest = set(sorted(one | other)[:MOST_RUNS])
    return len(smallest & one & other) / MOST_RUNS


def _nearest(numbers: list[int], wanted: int) -> int:
    """Of sorted numbers of 32 bits the one whose exclusive or with `wanted` is the smallest: bit by
    bit, the highest first, those that agree with it, as long as there are any."""
    low, high, prefix, bit = 0, len(numbers), 0, 1 << 31
    while high - low > 1:
        middle = bisect_left(numbers, prefix | bit, low, high)
        is_set = middle == low or (middle < high and wanted & bit)
        if is_set:
            low, prefix = middle, prefix | bit
        else:
            high = middle
        bit >>= 1
    return numbers[low]
