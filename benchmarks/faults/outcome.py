"""What an experiment found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field


class NotHere(Exception):
    """This machine cannot show it; the text says what is missing."""


@dataclass(frozen=True)
class Outcome:
    """`figures` are a short text for the table; `checked` are the claims, `broken` those of them
    that did not hold, each with what was found."""

    passed: bool
    figures: str
    checked: list[str]
    broken: list[str]


@dataclass
class Checks:
    """Claims that are looked at one by one, so that a failure does not hide those after it."""

    checked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    def that(self, claim: str, held: object, found: object = "") -> None:
        """`held` is whether it is true; `found` is shown when it is not."""
        if claim not in self.checked:
            self.checked.append(claim)
        if not held:
            told = f" ({found})" if found != "" else ""
            self.broken.append(f"{claim}: no{told}")

    def same(self, claim: str, found: object, wanted: object) -> None:
        self.that(claim, found == wanted, f"{found!r} in place of {wanted!r}")

    def none(self, claim: str, found: Collection[object]) -> None:
        """Nothing of this was found."""
        self.that(claim, not found, f"{len(found)}, such as {list(found)[:3]}")

    def figure(self, words: str) -> None:
        self.figures.append(words)

    def outcome(self) -> Outcome:
        return Outcome(not self.broken, "; ".join(self.figures), self.checked, self.broken)
