"""Why the privacy of somebody cannot be kept just so, in words for the person who tried."""

from __future__ import annotations

from app.infra.refusal import Refusal, UnfitField


class UnfitChoice(UnfitField):
    """A word of the settings that cannot be taken as it is."""


class CopyWaits(Refusal):
    public = "Your copy is being made already. We write to you when it is ready."
    status = 409


class CopyGone(Refusal):
    public = "There is no copy to take. Either its two days are over, or none was asked for yet."
    status = 404
