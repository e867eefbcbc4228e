"""How good an order is, against what people judged: the measures that are published for such sets.

As `trec_eval` counts: grades above nought are relevant, the gain of a text is its grade, and means
are over all questions, those without anything relevant as nought.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

NAMES = ("MAP", "MRR", "P@1", "P@5", "R@5", "R@10", "nDCG@10")
_TOP = 10


def of_order(order: Sequence[int], grades: Mapping[int, float]) -> dict[str, float]:
    """Each measure of one question's order, 0 to 1."""
    relevant = {at: grade for at, grade in grades.items() if grade > 0}
    if not relevant:
        return dict.fromkeys(NAMES, 0.0)
    hits = [at in relevant for at in order]
    ranks = [rank for rank, hit in enumerate(hits, 1) if hit]
    found = sum(number / rank for number, rank in enumerate(ranks, 1))
    ideal = _gain(sorted(relevant.values(), reverse=True))
    return {
        "MAP": found / len(relevant),
        "MRR": 1 / ranks[0] if ranks else 0.0,
        "P@1": float(sum(hits[:1])),
        "P@5": sum(hits[:5]) / 5,
        "R@5": sum(hits[:5]) / len(relevant),
        "R@10": sum(hits[:10]) / len(relevant),
        "nDCG@10": _gain([relevant.get(at, 0.0) for at in order]) / ideal,
    }


def means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """In percent; nought where nothing was asked."""
    return {name: 100 * sum(row[name] for row in rows) / (len(rows) or 1) for name in NAMES}


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades[:_TOP], 1))
