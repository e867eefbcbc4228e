"""Why a measure is refused, in words for the moderator who tried."""

from __future__ import annotations

from app.infra.language import _, sentence
from app.infra.refusal import Refusal, UnfitField


class UnfitMeasure(UnfitField):
    """A part of the form that cannot be taken as it is."""


class NoReason(UnfitMeasure):
    def __init__(self, *, is_note: bool) -> None:
        words = _("Write the note first.") if is_note else _("Say why: the person reads it.")
        super().__init__(words, "reason")


class EndNeeded(UnfitMeasure):
    def __init__(self) -> None:
        super().__init__(_("A suspension needs a day on which it ends. A ban needs none."), "until")


class EndIsPast(UnfitMeasure):
    def __init__(self) -> None:
        super().__init__(_("That day is past. Choose one to come."), "until")


class UnfitPattern(UnfitMeasure):
    def __init__(self) -> None:
        super().__init__(
            _("A pattern is an address with a * for any letters, such as *@shop.example."),
            "pattern",
        )


class UnfitNetwork(UnfitMeasure):
    def __init__(self) -> None:
        super().__init__(_("Choose one of the networks that these texts came from."), "network")


class AboutEverybody(UnfitMeasure):
    def __init__(self, field: str) -> None:
        super().__init__(_("That would reach nearly everybody. Choose something narrower."), field)


class AboutStaff(Refusal):
    public = sentence(
        "That would reach somebody who works here. An admin can take their role away or close "
        "their account."
    )


class AboutYourself(UnfitMeasure):
    def __init__(self) -> None:
        super().__init__(
            _(
                "You are in that network yourself, and so may be your colleagues. "
                "Choose the account or the address."
            ),
            "network",
        )


class NotYours(Refusal):
    public = sentence(
        "You are limited to some sections, and this would reach the whole site. "
        "Leave a note, or ask a colleague who is not limited."
    )
    status = 403


class LiftedAlready(Refusal):
    public = sentence("That was lifted already, or it ended by itself. Reload the page to see.")
    status = 409
