"""What happened to what the spam model learns from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LessonTurned:
    """A lesson says something else than what the model's counts hold."""

    lesson_id: int
