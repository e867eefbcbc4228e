"""Why a resource is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.refusal import Refusal, UnfitField


class UnfitResource(UnfitField):
    """A title, text or kind that cannot be taken as it is."""


class ResourceSlugTaken(Refusal):
    public = "Another resource has this address already. Choose another one."
    status = 409
    field = "slug"
