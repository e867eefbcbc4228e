"""Why a tag is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.refusal import Refusal


class UnfitTag(Refusal):
    """A name, description or synonym that cannot be taken as it is."""

    def __init__(self, public: str, field: str) -> None:
        super().__init__(public)
        self.field = field


class TagSlugTaken(Refusal):
    public = "Another tag has this address already. Choose another one."
    status = 409
    field = "slug"
