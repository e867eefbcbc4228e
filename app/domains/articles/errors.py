"""Why an article or a picture is refused; `field` names the part of the form, where one does."""

from app.infra.language import sentence
from app.infra.refusal import Refusal, UnfitField


class UnfitArticle(UnfitField):
    """A title, summary or text that cannot be taken as it is."""


class SlugTaken(Refusal):
    public = sentence("Another article has, or once had, this address. Choose another one.")
    status = 409
    field = "slug"


class NoAuthor(Refusal):
    public = sentence("Articles can be given to authors and admins alone.")


class StaleForm(Refusal):
    public = sentence(
        "Somebody saved this article after you opened it, so nothing was saved now. "
        "Your text is still in the form: compare it with the saved one before you save again."
    )
    status = 409


class UnfitPicture(Refusal):
    """A file that is no picture, or more of one than can be handled."""
