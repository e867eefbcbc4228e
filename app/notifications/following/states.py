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


GATHERED = timedelta(minutes=2)
"""How long a mail that goes out at once waits for more to tell, from the first news in it on. All
others wait for a morning (`engines.mornings`), those of a week for a Monday's."""
