"""Why a card, or an act on one, is refused; `field` names the part of the form, where one does."""

from app.infra.language import sentence
from app.infra.refusal import ActStands, Refusal, UnfitField


class UnfitCard(UnfitField):
    """A title or text that cannot be taken as it is."""


class StaleCard(Refusal):
    public = sentence(
        "Somebody saved this card after you opened it, so nothing was saved now. "
        "Your text is still in the form: compare it with the saved one before you save again."
    )
    status = 409


class CardHasOwner(Refusal):
    public = sentence("Somebody looks after this answer already, so it stays with them.")
    status = 409


class NothingToCheck(Refusal):
    public = sentence("Somebody looked at it already; nothing about this card is left to check.")
    status = 409


class CardIsRetired(Refusal):
    public = sentence(
        "This card is retired, so it answers no more questions. "
        "Restore it first, or choose another one."
    )
    status = 409


class CheckStands(ActStands):
    """What was said of a card cannot be unsaid."""
