"""Why a tag is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.refusal import Refusal, UnfitField


class UnfitTag(UnfitField):
    """A name, description or synonym that cannot be taken as it is."""


class TagSlugTaken(Refusal):
    public = "Another tag has this address already. Choose another one."
    status = 409
    field = "slug"
