"""What happened at the desk."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReportsClosed:
    """A moderator decided on what readers had reported about a text; `at` is in each of those
    reports."""

    comment_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SentBack:
    """Enough readers reported a published text that it waits for a moderator again."""

    comment_id: int


@dataclass(frozen=True, slots=True)
class TextHeldFor:
    """A moderator laid a text aside for a colleague."""

    comment_id: int
    account_id: int
