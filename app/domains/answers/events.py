"""What happened to a card, and between a card and a question."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardChanged:
    """A card is new, or says something else, or is back in the lists."""

    card_id: int


@dataclass(frozen=True, slots=True)
class CardReworded:
    """A card has another title or text than the revision that was kept now."""

    card_id: int
    revision_id: int


@dataclass(frozen=True, slots=True)
class CardRetired:
    """A card is in no list any more; where it answers, it stays."""

    card_id: int


@dataclass(frozen=True, slots=True)
class CardLinked:
    """A card answers a question."""

    link_id: int


@dataclass(frozen=True, slots=True)
class CardUnlinked:
    """A card does not answer this question any more; the link itself is gone."""

    link_id: int
    comment_id: int
    card_id: int


@dataclass(frozen=True, slots=True)
class CardHelped:
    """The asker said that the card is an answer."""

    link_id: int


@dataclass(frozen=True, slots=True)
class CardDidNotHelp:
    """The asker said that the card is no answer."""

    link_id: int
