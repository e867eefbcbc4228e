"""What screening answers: an outcome, and reasons that a moderator can read."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "hold", "spam"]


@dataclass(frozen=True, slots=True)
class Reason:
    """``name`` is for counting, ``sentence`` for people; a heavier ``weight`` is worse."""

    name: str
    weight: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` is the sum of the reasons' weights: it sorts the queue, it never deletes."""

    outcome: Outcome
    score: int
    reasons: tuple[Reason, ...]
