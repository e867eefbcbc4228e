"""The kinds of resource."""

from enum import StrEnum


class ResourceKind(StrEnum):
    VIDEO = "video"
    EXERCISE = "exercise"
    PAGE = "page"
