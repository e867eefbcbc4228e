"""Typed refusals of a text, each with a sentence that the person who wrote it may read."""


class UnfitText(ValueError):
    """A text that cannot be accepted as it is; ``message`` says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
