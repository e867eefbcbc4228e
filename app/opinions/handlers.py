"""Events become job rows, in the transaction of their cause. Nobody is called here."""

from __future__ import annotations

from datetime import timedelta

from app.domains.comments import queries as comments
from app.domains.comments.events import CommentDecided, OpinionWanted
from app.domains.screening import outside
from app.domains.screening.outside import ASK
from app.infra.jobs import enqueue
from app.infra.outside import services
from app.infra.outside.questions import Said

TELL = "screening.opinion_told"
TELL_AFTER = timedelta(minutes=2)
"""What a person decided is told when it can hardly be undone any more."""


def opinion_wanted(event: OpinionWanted) -> None:
    """Ask about a text, at the version it has now: what is mended meanwhile decides nothing."""
    comment = comments.find(event.comment_id)
    if comment is None or not outside.is_wanted():
        return
    comment.verdict = outside.with_question(comment.verdict)
    enqueue(
        ASK,
        {
            "comment_id": comment.id,
            "version": comment.version,
            "decides": event.decides,
            "address": event.address,
            "agent": event.agent,
            "referrer": event.referrer,
        },
    )


def comment_decided(event: CommentDecided) -> None:
    """Let the service hear of a decision that says otherwise than it did, or than it was told."""
    service = services.chosen()
    if service is None or not service.learns:
        return
    comment = comments.find(event.comment_id)
    if comment is not None and outside.said_of(comment.verdict) in (Said.HAM, Said.SPAM):
        payload = {"comment_id": comment.id}
        enqueue(TELL, payload, after=TELL_AFTER, unique_key=f"{TELL}:{comment.id}")
