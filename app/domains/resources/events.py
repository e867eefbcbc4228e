"""What happened to a resource."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ResourceChanged:
    """A resource is new, or says something else, or carries other tags."""

    resource_id: int


@dataclass(frozen=True, slots=True)
class ResourceRemoved:
    resource_id: int


@dataclass(frozen=True, slots=True)
class LinkDied:
    """The address of a resource leads nowhere, and has for days."""

    resource_id: int


@dataclass(frozen=True, slots=True)
class LinkRevived:
    """The address of a resource, dead since `dead_since`, leads somewhere again."""

    resource_id: int
    dead_since: datetime
