"""What happens to a report, and to an act on many texts."""

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
