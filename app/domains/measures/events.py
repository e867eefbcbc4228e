"""What was done about senders."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureTaken:
    """A measure about one person that the person should hear of: a warning, suspension or ban."""

    measure_id: int
