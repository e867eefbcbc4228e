"""What can be followed, and how often its followers are written to."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Thing(StrEnum):
    ARTICLE = "article"
    QUESTION = "question"
    TAG = "tag"
    CARD = "card"
    AUTHOR = "author"


class Often(StrEnum):
    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


GATHERED: dict[Often, timedelta] = {
    Often.AT_ONCE: timedelta(minutes=2),
    Often.DAILY: timedelta(days=1),
    Often.WEEKLY: timedelta(days=7),
}
"""How long a mail waits for more to tell, from the first news in it on: what comes in meanwhile is
in the same mail."""
