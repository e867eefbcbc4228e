"""What was shown for a question and what of it was taken, ordered again with other weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.engines.matching.likeness import joined

STEP = 0.05
_HARDLY = 1e-9


@dataclass(frozen=True, slots=True)
class Shown:
    """A suggestion with what spoke for it, and whether it was taken."""

    by_words: float
    by_meaning: float
    taken: bool


def mean_rank(questions: Sequence[Sequence[Shown]], share: float) -> float:
    """The mean of one over the place of the best thing taken: 1 where it always stands first."""
    return sum(_reciprocal(shown, share) for shown in questions) / (len(questions) or 1)


def best_share(questions: Sequence[Sequence[Shown]], default: float, farthest: float) -> float:
    """The share of the meaning that puts what was taken nearest to the top, at most `farthest`
    from the default and never above one; of equals the one nearest to the default."""
    steps = round(farthest / STEP)
    grid = [round(default + STEP * step, 2) for step in range(-steps, steps + 1)]
    grid = sorted((one for one in grid if 0 <= one <= 1), key=lambda one: abs(one - default))
    best, best_rank = default, mean_rank(questions, default) + _HARDLY
    for share in grid:
        rank = mean_rank(questions, share)
        if rank > best_rank:
            best, best_rank = share, rank + _HARDLY
    return best


def _reciprocal(shown: Sequence[Shown], share: float) -> float:
    scores = joined(
        {at: one.by_words for at, one in enumerate(shown)},
        {at: one.by_meaning for at, one in enumerate(shown)},
        share,
    )
    order = sorted(scores, key=lambda at: (-scores[at], shown[at].taken))
    for place, at in enumerate(order, start=1):
        if shown[at].taken:
            return 1 / place
    return 0.0
