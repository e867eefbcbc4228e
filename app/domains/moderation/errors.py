"""Why a decision is refused."""

from app.infra.refusal import Refusal


class StaleDecision(Refusal):
    """Somebody else decided, or the text changed, after this page was drawn."""

    status = 409

    def __init__(self, what_happened: str) -> None:
        super().__init__(f"Nothing was done: {what_happened} Reload the page and look again.")


class NothingToUndo(Refusal):
    public = "That was undone already, or something else was decided since."
    status = 409


class ReasonNeeded(Refusal):
    public = "Say why: choose a reason or write one. The writer may read it."


class UnfitReason(Refusal):
    """A reason that is too long, or holds what no text may."""
