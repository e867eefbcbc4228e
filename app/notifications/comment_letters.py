"""Letters to people about what they wrote: received, approved, answered, replied to, refused."""

from __future__ import annotations

from datetime import datetime

from app.domains.accounts import services as accounts
from app.domains.comments import private_links
from app.domains.comments import queries as comments
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.engines.text.excerpt import excerpt
from app.infra import letters
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications.addressing import letter
from app.notifications.recipients import writer_of
from app.notifications.states import Topic

QUOTED = 600
"""Characters of an answer that stand in its mail; the rest is a link away."""


def received(job: Job) -> Letter | None:
    """A text waits for a moderator. None of its words are in the mail: nobody has read them yet,
    and the address may be a stranger's."""
    comment = comments.find(job.payload["comment_id"])
    writer = writer_of(comment) if comment else None
    if comment is None or writer is None or comment.status != Status.PENDING:
        return None
    status_path = _status_path(comment)
    proof = None
    if not _is_proven_to_us(comment, writer.address.proven_at):
        proof = letters.link_to(
            "accounts.prove",
            address_id=writer.address.id,
            key=accounts.proof_key(writer.address),
            next=status_path,
        )
    return letter(
        job,
        writer.address,
        article=comment.article.title,
        is_question=comment.is_question,
        status=absolute(status_path),
        proof=proof,
    )


def _is_proven_to_us(comment: Comment, proven_at: datetime | None) -> bool:
    """Whether the rules found the address proven in the browser that sent this text, or its owner
    has proven it since. Who comes with a second browser gets a link to prove it there too."""
    reasons = comment.verdict.get("reasons", [])
    found_proven = all(reason["name"] != "address not proven" for reason in reasons)
    return found_proven or (proven_at is not None and proven_at >= comment.created_at)


def approved(job: Job) -> Letter | None:
    comment = comments.find_visible(job.payload["comment_id"])
    writer = writer_of(comment) if comment else None
    if comment is None or writer is None:
        return None
    return letter(
        job,
        writer.address,
        topic=Topic.REPLIES,
        article=comment.article.title,
        is_question=comment.is_question,
        title=comment.title,
        link=absolute(comment.href),
        status=absolute(_status_path(comment)),
    )


def spoken_to(job: Job) -> Letter | None:
    """Somebody replied, or the author answered: both must still be there for everyone to read, the
    one below the other."""
    comment = comments.find_visible(job.payload["comment_id"])
    above = comments.find_visible(job.payload["to_id"])
    writer = writer_of(above) if above else None
    if comment is None or above is None or writer is None:
        return None
    if above.id not in (comment.parent_id, comment.question_id):
        return None
    return letter(
        job,
        writer.address,
        topic=Topic.REPLIES,
        article=comment.article.title,
        about=comment,
        by=comment.author_name,
        title=above.title,
        quote=excerpt(comment.html, QUOTED),
        link=absolute(above.href) if above.is_question else absolute(comment.href),
        place=absolute(comment.href),
    )


def rejected(job: Job) -> Letter | None:
    """Told only while the very decision stands that the mail was queued for."""
    comment = comments.find(job.payload["comment_id"])
    writer = writer_of(comment) if comment else None
    if comment is None or writer is None or comment.status != Status.REJECTED:
        return None
    if comment.decided_at != datetime.fromisoformat(job.payload["decided_at"]):
        return None
    return letter(
        job,
        writer.address,
        topic=Topic.REPLIES,
        article=comment.article.title,
        is_question=comment.is_question,
        reason=comment.reject_reason,
        status=absolute(_status_path(comment)),
    )


def _status_path(comment: Comment) -> str:
    """The writer's private page."""
    key = private_links.key_of(comment)
    return letters.path_to("questions.status", comment_id=comment.id, key=key)
