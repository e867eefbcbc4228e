"""Why a tag is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.language import _, sentence
from app.infra.refusal import Refusal, UnfitField


class UnfitTag(UnfitField):
    """A name, description or synonym that cannot be taken as it is."""


class TagSlugTaken(Refusal):
    public = sentence("Another tag has this address already. Choose another one.")
    status = 409
    field = "slug"


class TagIntoItself(Refusal):
    public = sentence("A tag cannot be merged into itself. Choose another one.")
    field = "into"


class TagGone(Refusal):
    public = sentence("Somebody merged one of these tags meanwhile. Look at the list again.")
    status = 409
    field = "into"


class MergeStands(Refusal):
    """The tag that a merge took away cannot be what it was."""

    status = 409

    def __init__(self, why: str) -> None:
        super().__init__(_("Nothing was undone: %(what)s", what=why))
