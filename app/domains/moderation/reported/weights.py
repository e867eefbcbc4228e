"""What a report counts: small whole numbers by who reports and how often they were right."""

from __future__ import annotations

GUEST = 1
"""A guest, with a proven address or known by the browser alone."""
MEMBER = 2
MOST = 4
"""Somebody of the staff, or a member whose reports have mostly led to something."""
RIGHT_ENOUGH = 2
RIGHT_OFTEN = 5
"""How many more reports upheld than dismissed make the next one count for one or two more."""


def weight_of(base: int, *, upheld: int, dismissed: int) -> int:
    """What the next report of somebody with this record counts, 0 to 4.

    `base` is what it would count without a record. One more dismissed than upheld takes one away,
    two more leave nothing: the report is still read, but moves nothing.
    """
    ahead = upheld - dismissed
    if ahead >= RIGHT_OFTEN:
        return min(base + 2, MOST)
    if ahead >= RIGHT_ENOUGH:
        return min(base + 1, MOST)
    if ahead >= 0:
        return base
    return max(base - 1, 0) if ahead == -1 else 0


def needed(threshold: int, *, dismissed_weight: int) -> int:
    """The weight of open reports that sends a published text back to the desk. What a moderator
    has already looked at and dismissed about this text must be outweighed too."""
    return threshold + dismissed_weight
