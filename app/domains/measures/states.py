"""The ladder of measures, from a note among colleagues to a ban."""

from enum import StrEnum


class MeasureKind(StrEnum):
    NOTE = "note"
    """Private: only the desk reads it."""
    WARN = "warn"
    """The person is told, and may go on."""
    HOLD = "hold"
    """Everything of theirs waits for a moderator."""
    SUSPEND = "suspend"
    """They cannot write until a day."""
    BAN = "ban"
    """They cannot write."""


SHUTS_OUT = frozenset({MeasureKind.SUSPEND, MeasureKind.BAN})
BINDS = frozenset({*SHUTS_OUT, MeasureKind.HOLD})
"""Those that change what becomes of a text; they reach the whole site."""
TOLD = frozenset({MeasureKind.WARN, *SHUTS_OUT})
"""Those that the person hears of."""
MAY_END = BINDS
"""Those that may have an end."""
