"""Why a text or an act on it is refused, in words for the person who tried."""

from datetime import UTC, datetime

from app.infra import days
from app.infra.language import _, sentence
from app.infra.refusal import Refusal, UnfitField


class ClosedArticle(Refusal):
    public = sentence("This article takes no more comments. The ones it has can still be read.")
    status = 403


class AccountNeeded(Refusal):
    public = sentence("This site asks for an account before you write. Your text is still here.")
    status = 403


class ParentGone(Refusal):
    public = sentence("The comment you are replying to is not on this page any more.")
    status = 409


class NameOfStaff(Refusal):
    public = sentence(
        "This name or address belongs to someone who works here. "
        "Sign in if that is you, or write under another name and address."
    )


class NameInThread(Refusal):
    public = sentence(
        "Somebody else in this thread goes by this name, or by one that looks like it. Write under "
        "another name, so that readers can tell you apart. If that was you, open the link that we "
        "mailed you then in this browser, or sign in, and send it again."
    )
    status = 409


class NothingToClaim(Refusal):
    public = sentence(
        "None of these texts was sent with an address that was confirmed in this browser. "
        "Open the link that we mailed you here, then choose again."
    )
    status = 403


class AlreadySaid(Refusal):
    public = sentence("You sent the same text a moment ago. It has arrived; once is enough.")
    status = 409


class NotPendingAnyMore(Refusal):
    public = sentence(
        "This text was decided on meanwhile and cannot be changed here any more. "
        "Reload the page to see what became of it."
    )
    status = 409


class StaleText(Refusal):
    public = sentence("Somebody changed this text meanwhile. Reload the page and look again.")
    status = 409


class WordsForgotten(Refusal):
    public = sentence(
        "The words of this text were forgotten, so there is nothing left to decide about."
    )
    status = 409


class ShutOut(Refusal):
    """A moderator suspended or banned whoever writes this, until a time or (None) for good."""

    status = 403

    def __init__(self, until: datetime | None, why: str) -> None:
        reason = why.rstrip(".")
        if until is None:
            super().__init__(
                _(
                    "You cannot write here any more. A moderator gave this reason: %(reason)s. "
                    "You can go on reading.",
                    reason=reason,
                )
            )
            return
        at = until.astimezone(UTC)
        super().__init__(
            _(
                "You cannot write here until %(time)s. A moderator gave this reason: %(reason)s. "
                "You can go on reading.",
                time=f"{days.named(at.year, at.month, at.day)}, {at:%H:%M} UTC",
                reason=reason,
            )
        )


class NoPlace(Refusal):
    """A place in the threads where a text cannot stand; its sentence says why."""


class LinkAlone(Refusal):
    public = sentence(
        "This text has a red flag, so a link alone is no answer to it. "
        "Write a sentence of your own beside the link."
    )


class NoQuestion(Refusal):
    public = sentence("A card answers questions, and this text is none. Make it a question first.")


class SameQuestion(Refusal):
    public = sentence("That is this question itself. Name another one, which is answered already.")


class NotAnswered(Refusal):
    public = sentence(
        "That question has no answer yet that could be given to others. "
        "Name one that the author answered, or the reply itself."
    )


class NotPublished(Refusal):
    public = sentence(
        "This text is not published, so a card cannot answer it yet. Approve it first."
    )
    status = 409


class NoneChosen(Refusal):
    public = sentence("Tick at least one question, so that there is somebody to tell.")


class TooMany(Refusal):
    public = sentence(
        "Those are more than 500 questions at once. Tick fewer; the others are here afterwards."
    )


class UnfitReply(UnfitField):
    """A reply that cannot be taken as it is."""


class NotTheAuthor(Refusal):
    public = sentence(
        "One of these questions stands under another author's article, where your reply is no "
        "answer. Untick it, or answer with a card."
    )
    status = 403


class NoReply(Refusal):
    public = sentence(
        "Only a published answer by the author or the team can become a card. "
        "Write a card of your own instead."
    )
    status = 409
