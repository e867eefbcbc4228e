"""How a card came to answer a question."""

from enum import StrEnum


class How(StrEnum):
    DESK = "desk"
    """A moderator let the question in and answered it with the card."""
    AUTHOR = "author"
    """The author linked it from the inbox or the thread."""
    ASKER = "asker"
    """The asker said, before sending or after, that it answers the question."""
    REACH = "reach"
    """It was published later and reached back to the question."""
