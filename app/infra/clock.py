"""The one clock. Times are aware and in UTC everywhere inside the program."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
