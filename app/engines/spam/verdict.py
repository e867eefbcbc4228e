"""What screening answers: an outcome, and reasons that a moderator can read."""

from dataclasses import dataclass
from typing import Any, Literal

from app.engines.said import Said

Outcome = Literal["pass", "hold", "spam"]


@dataclass(frozen=True, slots=True)
class Reason:
    """``name`` is for counting, ``said`` for people; a heavier ``weight`` is worse."""

    name: str
    weight: int
    said: Said

    @property
    def sentence(self) -> str:
        """In English, as what machines read has it."""
        return str(self.said)

    def as_stored(self) -> dict[str, Any]:
        """As it is kept with a text; what it says without values is its sentence."""
        stored = {"name": self.name, "weight": self.weight, "sentence": self.sentence}
        return {**stored, "said": self.said.as_stored()} if self.said.values else stored


@dataclass(frozen=True, slots=True)
class RedFlag:
    """The rule that saw what a professional must see: the words it found in the text, and what the
    reader is told at once."""

    rule_id: int
    line: str
    note: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` is the sum of the reasons' weights: it sorts the queue, it never deletes.

    ``chance`` is the model's, between 0 and 1, ``None`` where it has not learnt enough; ``words``
    are those that say most for and against spam, as a moderator reads them.
    """

    outcome: Outcome
    score: int
    reasons: tuple[Reason, ...]
    chance: float | None = None
    words: tuple[Said, ...] = ()
    red_flag: RedFlag | None = None

    @property
    def certainty(self) -> float:
        """How sure the model is, either way: 0 where it could be both, 1 where it is certain."""
        return 0.0 if self.chance is None else abs(self.chance - 0.5) * 2
