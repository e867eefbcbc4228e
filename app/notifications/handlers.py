"""Events become job rows, in the transaction of their cause. No mail is written here.

Nobody but moderators ever hears of a text that waits, was refused or is spam, except its writer.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from app.domains.accounts import link_entry, recovery
from app.domains.accounts.events import (
    AddressChanged,
    AddressClaimed,
    IdentityLinked,
    IdentityUnlinked,
    NewAddressAsked,
    NewDevice,
    PasswordChanged,
    PasswordResetAsked,
    ResetLinkAsked,
    SecondStepChanged,
    SignInLinkAsked,
    SignUpOnKnownAddress,
)
from app.domains.comments import queries as comments
from app.domains.comments.events import (
    CommentHeld,
    CommentHidden,
    CommentPublished,
    CommentRejected,
)
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation.queue.meanwhile import first_published
from app.domains.moderation.queue.queries import moderators
from app.infra import clock
from app.infra.jobs import enqueue
from app.notifications import outbox, queries, recipients, services
from app.notifications.states import Mail

UNDO_WINDOW = timedelta(seconds=30)
"""How long a decision can be undone from the bar at the foot of the desk before it is told."""
DESK_PAUSE = timedelta(minutes=5)
INBOX_PAUSE = timedelta(minutes=10)
"""How long a digest collects: a flood of texts is one mail."""


def comment_held(event: CommentHeld) -> None:
    """Tell the desk that something waits, and the writer that it arrived."""
    tell_desk()
    comment = comments.find(event.comment_id)
    writer = recipients.writer_of(comment) if comment else None
    if comment is None or writer is None:
        return
    recipients.take_turns(writer.address)
    if recipients.within_daily_limit(writer.address):
        payload = {"comment_id": event.comment_id}
        outbox.queue(Mail.RECEIVED, payload, to=writer.address.id, cause=f"text {comment.id}")


def tell_desk() -> None:
    """Something waits: each moderator whose address is proven gets a digest."""
    for account in moderators():
        if recipients.is_proven(account):
            _queue_digest(Mail.DESK, account.id, DESK_PAUSE)


def comment_published(event: CommentPublished) -> None:
    """Tell the writer it was let in, those it answers, and the author that a question is open."""
    comment = comments.find(event.comment_id)
    if comment is None or not comment.is_published:  # hidden again before anybody was told
        return
    if event.waited:
        _tell_writer(comment)
    for above in _answered_by(comment):
        _tell_writer_above(above, comment)
    if comment.is_question and not comment.by_author:
        _queue_digest(Mail.INBOX, comment.article.author_id, INBOX_PAUSE)


def comment_hidden(event: CommentHidden) -> None:
    services.call_off(event.comment_id)


def comment_rejected(event: CommentRejected) -> None:
    """Tell the writer, once a decision; `decided_at` says which one. The mail says the reason that
    stands when it goes out: one that is given later, and not told in time, is told then."""
    comment = comments.find(event.comment_id)
    writer = recipients.writer_of(comment) if comment else None
    if comment is None or comment.decided_at is None or writer is None:
        return
    if recipients.may_hear_of_own(writer):
        payload = {"comment_id": comment.id, "decided_at": comment.decided_at.isoformat()}
        if not queries.was_told_of(Mail.REJECTED, payload):
            cause = f"text {comment.id} at {payload['decided_at']}"
            to = writer.address.id
            outbox.queue(Mail.REJECTED, payload, to=to, cause=cause, after=UNDO_WINDOW)


def address_claimed(event: AddressClaimed) -> None:
    enqueue(Mail.PROVE, {"address_id": event.address_id, "why": event.why})


def sign_up_on_known_address(event: SignUpOnKnownAddress) -> None:
    enqueue(Mail.KNOWN, {"account_id": event.account_id})


def password_reset_asked(event: PasswordResetAsked) -> None:
    enqueue(Mail.RESET, {"link_id": event.link_id})


def reset_link_asked(event: ResetLinkAsked) -> None:
    link = recovery.link_for(event.email)
    if link is not None:
        enqueue(Mail.RESET, {"link_id": link.id})


def sign_in_link_asked(event: SignInLinkAsked) -> None:
    link = link_entry.link_for(event.email)
    if link is not None:
        enqueue(Mail.SIGN_IN, {"link_id": link.id, "next": event.next})


def password_changed(event: PasswordChanged) -> None:
    enqueue(Mail.NEW_PASSWORD, {"account_id": event.account_id})


def new_address_asked(event: NewAddressAsked) -> None:
    enqueue(Mail.NEW_ADDRESS, {"link_id": event.link_id})


def address_changed(event: AddressChanged) -> None:
    enqueue(Mail.ADDRESS_CHANGED, {"link_id": event.link_id})


def new_device(event: NewDevice) -> None:
    enqueue(Mail.NEW_DEVICE, asdict(event))


def second_step_changed(event: SecondStepChanged) -> None:
    enqueue(Mail.SECOND_STEP, asdict(event))


def identity_linked(event: IdentityLinked) -> None:
    enqueue(Mail.IDENTITY_LINKED, asdict(event))


def identity_unlinked(event: IdentityUnlinked) -> None:
    enqueue(Mail.IDENTITY_UNLINKED, asdict(event))


def _tell_writer(comment: Comment) -> None:
    writer = recipients.writer_of(comment)
    payload = {"comment_id": comment.id}
    if writer is None or _was_told(Mail.APPROVED, payload, comment):
        return
    if recipients.may_hear_of_own(writer):
        to, cause = writer.address.id, f"text {comment.id}"
        outbox.queue(Mail.APPROVED, payload, to=to, cause=cause, after=UNDO_WINDOW)


def _answered_by(comment: Comment) -> list[Comment]:
    """The comments whose writers this one speaks to: the one it replies to, and for the author's
    words also the question above; each person once, and never the writer."""
    found = [comments.find(comment.parent_id)] if comment.parent_id else []
    if comment.by_author and comment.question_id and comment.question_id != comment.parent_id:
        found.insert(0, comments.find(comment.question_id))
    told = {comment.address_id}
    above = []
    for one in found:
        if one is not None and one.address_id is not None and one.address_id not in told:
            told.add(one.address_id)
            above.append(one)
    return above


def _tell_writer_above(above: Comment, comment: Comment) -> None:
    writer = recipients.writer_of(above)
    is_answer = comment.by_author and above.is_question and comment.kind != Kind.CHAT
    kind = Mail.ANSWERED if is_answer else Mail.REPLIED
    payload = {"comment_id": comment.id, "to_id": above.id}
    if writer is None or _was_told(kind, payload, comment):
        return
    if writer.proven or (comment.by_author and recipients.may_hear_of_own(writer)):
        to, cause = writer.address.id, f"text {comment.id}"
        outbox.queue(kind, payload, to=to, cause=cause, after=UNDO_WINDOW)


def _was_told(kind: Mail, payload: dict[str, int], comment: Comment) -> bool:
    """A text that was undone and approved again was first published when the record says so."""
    now = comment.published_at or clock.now()
    return queries.was_told(kind, payload, since=min(now, first_published(comment.id) or now))


def _queue_digest(kind: Mail, account_id: int, pause: timedelta) -> None:
    """One digest a person waits at a time; what comes meanwhile is in it."""
    enqueue(kind, {"account_id": account_id}, after=pause, unique_key=f"{kind}:{account_id}")
