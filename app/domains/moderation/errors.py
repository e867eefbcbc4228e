"""Why a decision is refused."""

from app.infra.language import _, sentence
from app.infra.refusal import ActStands, Refusal, UnfitField


class StaleDecision(Refusal):
    """Somebody else decided, or the text changed, after this page was drawn. What happened is a
    whole sentence."""

    status = 409

    def __init__(self, what_happened: str) -> None:
        nothing, again = _("Nothing was done."), _("Reload the page and look again.")
        super().__init__(f"{nothing} {what_happened} {again}")


class NothingToUndo(ActStands):
    """It was undone already, something else happened since, or it is no act that can be undone."""


class NothingThere(Refusal):
    """No such text, for this moderator: it is gone, or outside of the sections they have."""

    public = sentence("There is no such text any more.")
    status = 404


class UnfitReason(Refusal):
    """A reason that is too long, or holds what no text may."""


class NotRejected(Refusal):
    public = sentence("Only a text that is rejected has a reason. Reload the page and look again.")
    status = 409


class NoColleague(Refusal):
    public = sentence("Choose a colleague who may decide on this text.")


class BatchRuns(Refusal):
    public = sentence("It is not finished. Stop it first, or wait until it is done.")
    status = 409


class BatchOver(Refusal):
    public = sentence("It is over already. What it did can be undone.")
    status = 409


class NothingChosen(Refusal):
    public = sentence("No text is in this list any more, so there is nothing to do.")


class UnfitViewName(UnfitField):
    """A name for a saved list that is empty, too long, or holds what no name may."""


class ViewNameTaken(Refusal):
    public = sentence("Another of your lists has this name already. Choose another one.")
    status = 409


class TooManyViews(Refusal):
    public = sentence(
        "Thirty lists are kept for each moderator. Remove one you no longer need first."
    )
    status = 409
