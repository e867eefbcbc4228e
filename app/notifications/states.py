"""What a person can say no to, and the kinds of mail."""

from enum import StrEnum

from app.infra.language import sentence


class Topic(StrEnum):
    """A sort of mail that can be refused by itself. What only answers an act of the reader's own
    (a question received, a link asked for) has no topic and cannot be refused."""

    REPLIES = "replies"
    DESK = "desk"
    INBOX = "inbox"
    REPORTS = "reports"
    CARDS = "cards"
    WEEK = "week"


WORDS = {
    Topic.REPLIES: sentence("What you wrote is approved or answered"),
    Topic.DESK: sentence("Something waits for a moderator"),
    Topic.INBOX: sentence("Questions wait for your answer"),
    Topic.REPORTS: sentence("What came of your reports"),
    Topic.CARDS: sentence("Answers that you were given change"),
    Topic.WEEK: sentence("What readers asked under your articles in a week"),
}
"""What mails of a topic are about, as the page that ends them shows it."""


class Mail(StrEnum):
    """The kinds of job that send a mail."""

    RECEIVED = "mail.received"
    APPROVED = "mail.approved"
    ANSWERED = "mail.answered"
    CARD_ANSWERED = "mail.card_answered"
    CARD_CHANGED = "mail.card_changed"
    CARD_NO_HELP = "mail.card_no_help"
    REPLIED = "mail.replied"
    REJECTED = "mail.rejected"
    DESK = "mail.desk"
    INBOX = "mail.inbox"
    WEEK = "mail.week"
    HELD = "mail.held"
    REPORT_OUTCOME = "mail.report_outcome"
    WARNED = "mail.warned"
    SHUT_OUT = "mail.shut_out"
    PROVE = "mail.prove"
    ME_TOO = "mail.me_too"
    ME_TOO_ANSWERED = "mail.me_too_answered"
    FOLLOW = "mail.follow"
    FOLLOWED = "mail.followed"
    KNOWN = "mail.known"
    RESET = "mail.reset"
    NEW_PASSWORD = "mail.new_password"  # noqa: S105  (the name of a mail)
    NEW_DEVICE = "mail.new_device"
    IDENTITY_LINKED = "mail.identity_linked"
    IDENTITY_UNLINKED = "mail.identity_unlinked"
    SIGN_IN = "mail.sign_in"
    NEW_ADDRESS = "mail.new_address"
    ADDRESS_CHANGED = "mail.address_changed"
    SECOND_STEP = "mail.second_step"
    LEAVING = "mail.leaving"
    ERASED = "mail.erased"
    COPY_READY = "mail.copy_ready"
    OVERDUE = "mail.overdue"
    REPLY_REFUSED = "mail.reply_refused"
    REPLY_WITHOUT_FILES = "mail.reply_without_files"

    @property
    def template(self) -> str:
        """The folder below `templates/mail` with its words."""
        return self.value.removeprefix("mail.")


WAYS_BACK = frozenset({Mail.PROVE, Mail.RESET, Mail.SIGN_IN, Mail.NEW_ADDRESS, Mail.ME_TOO})
"""Mails with a link that proves the address. Somebody asks for each at that moment, five a day at
most, and they are sent even where mail is stopped: without them no owner could lift that."""

CALLED_OFF = frozenset({Mail.APPROVED, Mail.ANSWERED, Mail.CARD_ANSWERED, Mail.REPLIED})
"""Mails about something published, which are moot when it is hidden before they are sent."""
