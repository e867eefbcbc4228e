"""What a site may set of its intake: limits, and each check's weight, place and switch."""

from __future__ import annotations

from dataclasses import dataclass, field

APPROVED_ENOUGH = 2
# Measured learning online, on the learning parts of public sets alone: 92 % and 82 % of spam
# reach them, 2.2 % and 0.5 % of good texts.
LEANS_TO_SPAM = 0.8
LOOKS_LIKE_SPAM = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on a check speaks, and what the sum of weights does. Shares and chances are
    between 0 and 1. ``record_fewest`` are the decided texts without which a share says nothing."""

    hold_from: int = 60
    spam_from: int = 100
    approved_enough: int = APPROVED_ENOUGH
    links_too_many: int = 2
    # Nobody reads a form and writes a sentence in it faster; a quick typist takes three.
    seconds_too_few: float = 2.0
    likeness: float = 0.8
    capitals: float = 0.7
    foreign_letters: float = 0.3
    record_share: float = 0.5
    record_fewest: int = 3
    leans_from: float = LEANS_TO_SPAM
    looks_from: float = LOOKS_LIKE_SPAM


@dataclass(frozen=True, slots=True)
class Setting:
    """One check as the site wants it."""

    name: str
    weight: int
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """``settings`` are in the order in which the desk reads the reasons."""

    settings: tuple[Setting, ...]
    limits: Limits = field(default_factory=Limits)
