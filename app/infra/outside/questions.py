"""What the outside is asked and what it may answer, whichever service it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Said(StrEnum):
    """What a service takes a text for."""

    HAM = "ham"
    SPAM = "spam"
    UNSURE = "unsure"


class NoAnswer(Exception):
    """The service gave no answer that can be used; the text says why, for the operator's log.
    It never holds what was asked nor what was answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text and what is told about it: all that leaves this machine. `address`, `agent` and
    `referrer` are the sender's machine; `page` is where the text would stand."""

    comment_id: int
    kind: str
    title: str
    text: str = field(repr=False)
    name: str
    email: str = field(repr=False)
    has_account: bool
    written_at: datetime
    page: str
    article: str
    language: str
    address: str
    agent: str = field(default="", repr=False)
    referrer: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Opinion:
    """`words` are the service's own, for a moderator; often there are none."""

    said: Said
    words: str = ""
