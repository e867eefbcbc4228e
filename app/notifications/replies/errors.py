"""Why an answer by mail was not taken, in words that are mailed to the owner of the address."""

from app.infra.language import sentence
from app.infra.refusal import Refusal
from app.notifications.replies.states import Outcome


class NotTaken(Refusal):
    """`is_told`: the owner of the address reads `public`; others are in the admin's list alone."""

    outcome = Outcome.REFUSED
    is_told = True


class NotSetUp(Refusal):
    public = sentence("This site takes no answers by mail: MAIL_REPLY_ADDRESS is not set.")
    status = 404


class NoMail(NotTaken):
    outcome = Outcome.UNREADABLE
    public = sentence(
        "Your mail could not be read: it was larger than 1 MB, or too complicated. Send it without "
        "attachments, as plain text."
    )


class NoHeader(NotTaken):
    """Nothing of it could be read, so it may be a program's."""

    outcome = Outcome.UNREADABLE
    is_told = False


class NoPerson(NotTaken):
    """A program wrote it, as the field of this name shows."""

    outcome = Outcome.AUTOMATIC
    is_told = False

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NoAddress(NotTaken):
    outcome = Outcome.UNKNOWN
    is_told = False


class TooLate(NotTaken):
    outcome = Outcome.LATE
    public = sentence("The address that you answered to has ended. Write your answer on the page.")


class OtherSender(NotTaken):
    outcome = Outcome.OTHER_SENDER
    public = sentence(
        "It was not sent from your address, to which the mail had gone that it answers. If it was "
        "you, send it again from there. If it was not, somebody else knows that mail."
    )


class UnprovenSender(NotTaken):
    outcome = Outcome.UNPROVEN
    public = sentence(
        "Our mail server could not make sure that it came from your address. Write your answer on "
        "the page."
    )


class NothingOwn(NotTaken):
    outcome = Outcome.EMPTY
    public = sentence(
        "There was nothing in it but quoted text or a signature. Write your answer above what your "
        "mail program quotes."
    )


class Placeless(NotTaken):
    public = sentence("What you answered to is not on the page any more.")


class ByNobody(NotTaken):
    public = sentence(
        "This site takes no answers by mail from its readers any more. Write your answer on the "
        "page."
    )


class NameUnknown(NotTaken):
    public = sentence(
        "You have written nothing in this thread yet, so we do not know by which name readers "
        "shall see it. Write your answer on the page."
    )


class TooOften(NotTaken):
    public = sentence("That was a lot of mail in a short time. Wait an hour and send it again.")


_FIXED = (NoMail, TooLate, OtherSender, UnprovenSender, NothingOwn)
TOLD = {one.outcome: one.public for one in _FIXED}
"""What these outcomes say to the owner, who reads it in their own language when it is sent."""
