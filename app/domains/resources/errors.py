"""Why a resource is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.language import sentence
from app.infra.refusal import ActStands, Refusal, UnfitField


class UnfitResource(UnfitField):
    """A title, text or kind that cannot be taken as it is."""


class ResourceSlugTaken(Refusal):
    public = sentence("Another resource has this address already. Choose another one.")
    status = 409
    field = "slug"


class MovedOn(Refusal):
    public = sentence(
        "Nothing was changed: this address is not offered any more. Look at the resource again."
    )
    status = 409


class MoveStands(ActStands):
    """The address that a resource had cannot be what it leads to again."""
