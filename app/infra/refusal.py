"""The base of every typed refusal: a sentence for the person, and the status that carries it."""


class Refusal(Exception):
    """Raised by a service that will not do what was asked.

    `public` is shown to the person as it is; `status` is the answer's HTTP status.
    """

    public = "That is not possible."
    status = 422

    def __init__(self, public: str | None = None) -> None:
        if public is not None:
            self.public = public
        super().__init__(self.public)


class UnfitField(Refusal):
    """What was typed into the form's part `field` cannot be taken as it is."""

    def __init__(self, public: str, field: str) -> None:
        super().__init__(public)
        self.field = field
