"""Why a link from a moderator's mail does nothing any more: each cause has its own sentence."""

from __future__ import annotations

from app.infra.language import _, sentence
from app.infra.refusal import Refusal


class NoSuchLink(Refusal):
    public = sentence(
        "This link leads nowhere. It may have been cut off; open it from the mail itself."
    )
    status = 404


class LinkExpired(Refusal):
    public = sentence(
        "This link has ended: it works for three days. What waits still waits at the desk."
    )
    status = 410


class LinkUsed(Refusal):
    status = 410

    def __init__(self, what_happened: str) -> None:
        used = _("This link was used already, and it works once.")
        super().__init__(f"{used} {what_happened}")


class DecidedMeanwhile(Refusal):
    status = 409

    def __init__(self, what_happened: str) -> None:
        nothing = _("Nothing was done.")
        super().__init__(f"{nothing} {what_happened}")


class TextChanged(Refusal):
    status = 409

    def __init__(self, what_happened: str) -> None:
        nothing = _("Nothing was done.")
        where = _("It is not as it was when the mail was sent; decide at the desk.")
        super().__init__(f"{nothing} {what_happened} {where}")


class NoModeratorAnyMore(Refusal):
    public = sentence("You do not moderate this site any more, so this link does nothing.")
    status = 403


class AccountClosed(Refusal):
    public = sentence("Your account is closed, so this link does nothing.")
    status = 403


class OtherSections(Refusal):
    public = sentence(
        "This text is not in the sections that you moderate now, so this link does nothing."
    )
    status = 403


class UnknownVerdict(Refusal):
    public = sentence(
        "A link from a mail approves or rejects; everything else is done at the desk."
    )
    status = 400
