"""Typed refusals of a text, each with a sentence that the person who wrote it may read."""


class UnfitText(ValueError):
    """A text that cannot be accepted as it is; ``message`` says why and what to do, in English.

    Where it is said in another language, that is made of ``sentence``, whose places (``%(name)s``)
    take the ``values``.
    """

    def __init__(self, sentence: str, **values: int) -> None:
        self.sentence, self.values = sentence, values
        laid_in = {name: f"{value:,}" for name, value in values.items()}
        self.message = sentence % laid_in if values else sentence
        super().__init__(self.message)
