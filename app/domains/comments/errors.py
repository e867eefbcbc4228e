"""Why a text or an act on it is refused, in words for the person who tried."""

from datetime import UTC, datetime

from app.infra.refusal import Refusal, UnfitField


class ClosedArticle(Refusal):
    public = "This article takes no more comments. The ones it has can still be read."
    status = 403


class AccountNeeded(Refusal):
    public = "This site asks for an account before you write. Your text is still here."
    status = 403


class ParentGone(Refusal):
    public = "The comment you are replying to is not on this page any more."
    status = 409


class NameOfStaff(Refusal):
    public = (
        "This name or address belongs to someone who works here. "
        "Sign in if that is you, or write under another name and address."
    )


class NameInThread(Refusal):
    public = (
        "Somebody else in this thread goes by this name, or by one that looks like it. Write under "
        "another name, so that readers can tell you apart. If that was you, open the link that we "
        "mailed you then in this browser, or sign in, and send it again."
    )
    status = 409


class NothingToClaim(Refusal):
    public = (
        "None of these texts was sent with an address that was confirmed in this browser. "
        "Open the link that we mailed you here, then choose again."
    )
    status = 403


class AlreadySaid(Refusal):
    public = "You sent the same text a moment ago. It has arrived; once is enough."
    status = 409


class NotPendingAnyMore(Refusal):
    public = (
        "This text was decided on meanwhile and cannot be changed here any more. "
        "Reload the page to see what became of it."
    )
    status = 409


class StaleText(Refusal):
    public = "Somebody changed this text meanwhile. Reload the page and look again."
    status = 409


class WordsForgotten(Refusal):
    public = "The words of this text were forgotten, so there is nothing left to decide about."
    status = 409


class ShutOut(Refusal):
    """A moderator suspended or banned whoever writes this, until a time or (None) for good."""

    status = 403

    def __init__(self, until: datetime | None, why: str) -> None:
        end = "You cannot write here any more"
        if until is not None:
            at = until.astimezone(UTC)
            end = f"You cannot write here until {at.day} {at:%B} {at.year}, {at:%H:%M} UTC"
        reason = f"A moderator gave this reason: {why.rstrip('.')}."
        super().__init__(f"{end}. {reason} You can go on reading.")


class NoPlace(Refusal):
    """A place in the threads where a text cannot stand; its sentence says why."""


class LinkAlone(Refusal):
    public = (
        "This text has a red flag, so a link alone is no answer to it. "
        "Write a sentence of your own beside the link."
    )


class NoQuestion(Refusal):
    public = "A card answers questions, and this text is none. Make it a question first."


class SameQuestion(Refusal):
    public = "That is this question itself. Name another one, which is answered already."


class NotAnswered(Refusal):
    public = (
        "That question has no answer yet that could be given to others. "
        "Name one that the author answered, or the reply itself."
    )


class NotPublished(Refusal):
    public = "This text is not published, so a card cannot answer it yet. Approve it first."
    status = 409


class NoneChosen(Refusal):
    public = "Tick at least one question, so that there is somebody to tell."


class TooMany(Refusal):
    public = (
        "Those are more than 500 questions at once. Tick fewer; the others are here afterwards."
    )


class UnfitReply(UnfitField):
    """A reply that cannot be taken as it is."""


class NotTheAuthor(Refusal):
    public = (
        "One of these questions stands under another author's article, where your reply is no "
        "answer. Untick it, or answer with a card."
    )
    status = 403


class NoReply(Refusal):
    public = (
        "Only a published answer by the author or the team can become a card. "
        "Write a card of your own instead."
    )
    status = 409
