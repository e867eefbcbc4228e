"""Why a tag is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.language import sentence
from app.infra.refusal import ActStands, Refusal, UnfitField


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


class MergeStands(ActStands):
    """The tag that a merge took away cannot be what it was."""
