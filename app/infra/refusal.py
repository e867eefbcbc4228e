"""The base of every typed refusal: a sentence for the person, and the status that carries it."""

from app.infra.language import _, sentence


class Refusal(Exception):
    """Raised by a service that will not do what was asked.

    `public` is shown to the person as it is, in the language that is spoken where it is raised: a
    class marks its own by `sentence`, and what is given here is said already (`language._`).
    `status` is the answer's HTTP status.
    """

    public: str = sentence("That is not possible.")
    status = 422

    def __init__(self, public: str | None = None) -> None:
        self.public = str(self.public if public is None else public)
        super().__init__(self.public)


class UnfitField(Refusal):
    """What was typed into the form's part `field` cannot be taken as it is."""

    def __init__(self, public: str, field: str) -> None:
        super().__init__(public)
        self.field = field


class ActStands(Refusal):
    """An act cannot be undone; `why` is a whole sentence, said already."""

    status = 409

    def __init__(self, why: str) -> None:
        nothing = _("Nothing was undone.")
        super().__init__(f"{nothing} {why}")
