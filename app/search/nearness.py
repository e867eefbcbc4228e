"""All vectors of some texts compared with each other, by brute force."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

AT_ONCE = 500
"""Rows compared with all others in one product: 10 MB for 5,000 texts."""
MOST_NEAR = 50
"""Neighbours of one text that are kept, so that thousands of the same text stay a list."""


def pairs(
    refs: Sequence[int], stored: Sequence[bytes], least: float
) -> dict[tuple[int, int], float]:
    """The pairs of texts, in the order of `refs`, whose cosine is at least `least`. `stored` are
    their vectors: 32-bit floats in a row, of length one."""
    rows = np.frombuffer(b"".join(stored), np.float32).reshape(len(refs), -1)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(rows), AT_ONCE):
        cosines = rows[start : start + AT_ONCE] @ rows.T
        for place, line in enumerate(cosines, start=start):
            line[place] = -1.0  # itself
            close = np.flatnonzero(line >= least)
            if len(close) > MOST_NEAR:
                close = close[np.argsort(-line[close], kind="stable")[:MOST_NEAR]]
            for other in map(int, close):
                first, second = min(place, other), max(place, other)
                found[refs[first], refs[second]] = float(line[other])
    return found
