"""The states of a comment and the table of allowed moves."""

from enum import StrEnum


class Kind(StrEnum):
    QUESTION = "question"
    COMMENT = "comment"
    CHAT = "chat"
    """Small talk: read in its thread, in no list of what waits for an answer."""


class Status(StrEnum):
    PENDING = "pending"
    SPAM = "spam"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class IllegalMove(Exception):
    """A move that the table does not have: a fault of the program, not of a person."""


ALLOWED_MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(
        {Status.APPROVED, Status.REJECTED, Status.SPAM, Status.WITHDRAWN, Status.DELETED}
    ),
    Status.SPAM: frozenset({Status.PENDING, Status.APPROVED, Status.REJECTED, Status.DELETED}),
    Status.APPROVED: frozenset(
        {Status.PENDING, Status.REJECTED, Status.SPAM, Status.WITHDRAWN, Status.DELETED}
    ),
    Status.REJECTED: frozenset({Status.PENDING, Status.APPROVED, Status.SPAM, Status.DELETED}),
    # What a person took back stays taken back: no moderator publishes it.
    Status.WITHDRAWN: frozenset({Status.DELETED}),
    Status.DELETED: frozenset(
        {Status.PENDING, Status.APPROVED, Status.REJECTED, Status.SPAM, Status.WITHDRAWN}
    ),
}


def check_move(before: str, after: str) -> None:
    """Raise IllegalMove unless the table has this move."""
    if Status(after) not in ALLOWED_MOVES[Status(before)]:
        raise IllegalMove(f"{before} -> {after}")
