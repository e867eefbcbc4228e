"""The roles a person can have, and why mail to an address stops."""

from enum import StrEnum


class Role(StrEnum):
    READER = "reader"
    MODERATOR = "moderator"
    AUTHOR = "author"
    ADMIN = "admin"


STAFF = frozenset({Role.MODERATOR, Role.AUTHOR, Role.ADMIN})
"""Those whose names and addresses nobody else may use."""


class Stop(StrEnum):
    """What came back: `hard` is a mailbox that is not there, `soft` one that takes nothing for
    now, `complaint` an owner who called a mail unwanted."""

    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
