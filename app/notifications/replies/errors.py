"""Why an answer by mail was not taken, in words that are mailed to the owner of the address."""

from app.infra.refusal import Refusal
from app.notifications.replies.states import Outcome


class NotTaken(Refusal):
    """`is_told`: the owner of the address reads `public`; else only the admin's list says it."""

    outcome = Outcome.REFUSED
    is_told = True


class NotSetUp(Refusal):
    public = "This site takes no answers by mail: MAIL_REPLY_ADDRESS is not set."
    status = 404


class NoMail(NotTaken):
    outcome = Outcome.UNREADABLE
    public = (
        "Your mail could not be read: it was larger than 1 MB, or too complicated. Send it without "
        "attachments, as plain text."
    )


class NoPerson(NotTaken):
    outcome = Outcome.AUTOMATIC
    is_told = False


class NoAddress(NotTaken):
    outcome = Outcome.UNKNOWN
    is_told = False
    public = "No address of this site holds among those that it was sent to."


class TooLate(NotTaken):
    outcome = Outcome.LATE
    public = "The address that you answered to has ended. Write your answer on the page."


class OtherSender(NotTaken):
    outcome = Outcome.OTHER_SENDER
    public = (
        "It was not sent from your address, to which the mail had gone that it answers. If it was "
        "you, send it again from there. If it was not, somebody else knows that mail."
    )


class UnprovenSender(NotTaken):
    outcome = Outcome.UNPROVEN
    public = (
        "Our mail server could not make sure that it came from your address. Write your answer on "
        "the page."
    )


class NothingOwn(NotTaken):
    outcome = Outcome.EMPTY
    public = (
        "There was nothing in it but quoted text or a signature. Write your answer above what your "
        "mail program quotes."
    )


class Placeless(NotTaken):
    public = "What you answered to is not on the page any more."


class ByNobody(NotTaken):
    public = (
        "This site takes no answers by mail from its readers any more. Write your answer on the "
        "page."
    )


class NameUnknown(NotTaken):
    public = (
        "You have written nothing in this thread yet, so we do not know by which name readers "
        "shall see it. Write your answer on the page."
    )


class TooOften(NotTaken):
    public = "That were a lot of mails in a short time. Wait an hour and send it again."
