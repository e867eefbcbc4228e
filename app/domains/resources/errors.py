"""Why a resource is refused; `field` names the part of the form that the sentence belongs to."""

from app.infra.refusal import Refusal


class UnfitResource(Refusal):
    """A title, text or kind that cannot be taken as it is."""

    def __init__(self, public: str, field: str) -> None:
        super().__init__(public)
        self.field = field


class ResourceSlugTaken(Refusal):
    public = "Another resource has this address already. Choose another one."
    status = 409
    field = "slug"
