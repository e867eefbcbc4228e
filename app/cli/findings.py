"""What an examination finds: a sentence, how grave it is, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `advice` is empty where all is well."""

    grade: Grade
    place: str
    text: str
    advice: str = ""


def well(place: str, text: str) -> Finding:
    return Finding(Grade.WELL, place, text)


def look(place: str, text: str, advice: str) -> Finding:
    return Finding(Grade.LOOK, place, text, advice)


def wrong(place: str, text: str, advice: str) -> Finding:
    return Finding(Grade.WRONG, place, text, advice)
