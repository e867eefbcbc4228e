"""The roles a person can have."""

from enum import StrEnum


class Role(StrEnum):
    READER = "reader"
    MODERATOR = "moderator"
    AUTHOR = "author"
    ADMIN = "admin"


STAFF = frozenset({Role.MODERATOR, Role.AUTHOR, Role.ADMIN})
"""Those whose names and addresses nobody else may use."""
