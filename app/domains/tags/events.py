"""What happened to a tag."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TagChanged:
    """A tag has another name, address, description or other synonyms."""

    tag_id: int


@dataclass(frozen=True, slots=True)
class TagMerged:
    """A tag is gone, and all that carried it carries another, as this entry of the record tells."""

    tag_id: int
    into_id: int
    entry_id: int


@dataclass(frozen=True, slots=True)
class TagUnmerged:
    """A merge was undone: what went as `merged_id` is there again as `tag_id`, beside the tag that
    it had become."""

    tag_id: int
    from_id: int
    entry_id: int
