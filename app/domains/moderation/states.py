"""The lanes of the desk, and what happens to a report or an act on many texts."""

from enum import StrEnum


class ReportOutcome(StrEnum):
    UPHELD = "upheld"
    """The text was taken down for it."""
    DISMISSED = "dismissed"
    """The text stays as it is."""


class BatchState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Lane(StrEnum):
    """The lists of the desk. A red-flagged text stands in `waiting` too, before all others."""

    WAITING = "waiting"
    RED_FLAG = "red-flag"
    REPORTED = "reported"
    HELD = "held"
    """It waits for one colleague, and not in `waiting`."""
    RECHECK = "recheck"
    SPAM = "spam"
    DECIDED = "decided"


class Order(StrEnum):
    """How a lane is read; which lane has which stands in `wishes.ORDERS`."""

    OLDEST = "oldest"
    NEWEST = "newest"
    PEOPLE = "people"
    """Most people waiting first, then the longest waiting."""
    CERTAIN = "certain"
    """Where the spam model was surest, either way."""
