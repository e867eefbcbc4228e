"""What became of a mail that came in."""

from enum import StrEnum

from app.engines.mailed.errors import Fault
from app.infra.language import _, sentence


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
    Outcome.PUBLISHED: sentence("Published"),
    Outcome.WAITS: sentence("Waits for a moderator"),
    Outcome.SPAM: sentence("Laid among spam"),
    Outcome.REPEATED: sentence("Came before, so nothing was done"),
    Outcome.AUTOMATIC: sentence("Dropped, since no person wrote it"),
    Outcome.UNREADABLE: sentence("Could not be read"),
    Outcome.UNKNOWN: sentence("To no address that holds"),
    Outcome.LATE: sentence("Came too late"),
    Outcome.OTHER_SENDER: sentence("Not from the owner of the address"),
    Outcome.UNPROVEN: sentence("Its sender could not be proven"),
    Outcome.EMPTY: sentence("Had no words of its own"),
    Outcome.REFUSED: sentence("Refused"),
}
"""As the admin reads it in the list."""
FAULTS = {
    Fault.EMPTY: sentence("It is empty."),
    Fault.LARGE: sentence("It is larger than 1 MB."),
    Fault.HEADERLESS: sentence("It is no mail: it has no header."),
    Fault.MAZE: sentence("It has too many parts, or they stand in each other too deeply."),
}
PLACED = frozenset({Outcome.PUBLISHED, Outcome.WAITS, Outcome.SPAM})


def reason(outcome: str, why: str) -> str:
    """What an admin reads beside the outcome; empty where that says all. `why` is the name of a
    field, a fault, or what the owner of the address was told."""
    if outcome == Outcome.AUTOMATIC:
        return _("Its field %(field)s says so.", field=why)
    if outcome == Outcome.UNREADABLE and why in list(Fault):
        return str(FAULTS[Fault(why)])
    return why
