"""Why a report, or the list of what can be reported, is refused. `field` names the form's part."""

from app.infra.language import sentence
from app.infra.refusal import Refusal


class OwnText(Refusal):
    public = sentence("This is your own text. You can take it back on its private page.")
    status = 403


class UnknownReason(Refusal):
    public = sentence("Choose what is wrong with the text.")
    field = "reason"


class WordsNeeded(Refusal):
    public = sentence(
        "Say in a few words what is wrong, so that a moderator knows what to look for."
    )
    field = "words"


class ReportedBefore(Refusal):
    public = sentence(
        "You reported this text before. A moderator has looked at it and let it stand."
    )
    status = 409


class UnfitReasons(Refusal):
    """A list of reasons to report that cannot be offered to readers."""

    field = "reasons"
