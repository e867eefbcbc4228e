"""Why the privacy of somebody cannot be kept just so, in words for the person who tried."""

from __future__ import annotations

from app.infra.refusal import UnfitField


class UnfitChoice(UnfitField):
    """A word of the settings that cannot be taken as it is."""
