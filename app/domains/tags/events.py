"""What happened to a tag."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagChanged:
    """A tag has another name, address, description or other synonyms."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class TagMerged:
    """A tag is gone, and all that carried it carries another."""

    tag_id: int
    into_id: int
