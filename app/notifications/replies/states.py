"""What became of a mail that came in."""

from enum import StrEnum


class Outcome(StrEnum):
    """`repeated`: the same had come before; `unknown`: to no address of ours that holds; `late`: to
    one whose time is over; `other_sender`, `unproven`: not from its owner, as far as one can
    know; `empty`: nothing of it was the writer's own; `refused`: there it cannot be said."""

    PUBLISHED = "published"
    WAITS = "waits"
    SPAM = "spam"
    REPEATED = "repeated"
    AUTOMATIC = "automatic"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    LATE = "late"
    OTHER_SENDER = "other_sender"
    UNPROVEN = "unproven"
    EMPTY = "empty"
    REFUSED = "refused"


WORDS = {
    Outcome.PUBLISHED: "Published",
    Outcome.WAITS: "Waits for a moderator",
    Outcome.SPAM: "Laid among spam",
    Outcome.REPEATED: "Came before, so nothing was done",
    Outcome.AUTOMATIC: "Dropped, since no person wrote it",
    Outcome.UNREADABLE: "Could not be read",
    Outcome.UNKNOWN: "To no address that holds",
    Outcome.LATE: "Came too late",
    Outcome.OTHER_SENDER: "Not from the owner of the address",
    Outcome.UNPROVEN: "Its sender could not be proven",
    Outcome.EMPTY: "Had no words of its own",
    Outcome.REFUSED: "Refused",
}
"""As the admin reads it in the list."""
PLACED = frozenset({Outcome.PUBLISHED, Outcome.WAITS, Outcome.SPAM})
