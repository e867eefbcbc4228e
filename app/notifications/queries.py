"""What the mails ask before they are queued and before they go out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from app.domains.answers.models import CardLink
from app.domains.comments.models import Comment, MeToo
from app.domains.comments.queries import published
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import KEPT, Job
from app.notifications.models import MailRefusal
from app.notifications.states import Mail, Topic


def wants(address_id: int, topic: Topic) -> bool:
    """Whether an address still takes mail of this topic."""
    return db.session.get(MailRefusal, (address_id, topic)) is None


def refused_by(address_id: int) -> set[str]:
    """The topics of which an address takes no mail."""
    theirs = select(MailRefusal.topic).where(MailRefusal.address_id == address_id)
    return set(db.session.scalars(theirs))


def was_told(kind: Mail, payload: dict[str, int], *, since: datetime) -> bool:
    """Whether this mail went out since then, or is on its way; one that failed for good did not.

    What happened before done jobs are forgotten was told in its time, as far as anybody knows."""
    if since < clock.now() - KEPT:
        return True
    same = [Job.payload[name].as_integer() == value for name, value in payload.items()]
    not_before = or_(Job.done_at.is_(None), Job.done_at >= since)  # an index begins with done_at
    told = exists().where(not_before, Job.failed_at.is_(None), Job.kind == kind, *same)
    return bool(db.session.scalar(select(told)))


def was_told_of(kind: Mail, payload: Mapping[str, object]) -> bool:
    """Whether this mail about one decision went out or is on its way; `decided_at` in the payload
    is the decision's."""
    decided_at = datetime.fromisoformat(str(payload["decided_at"]))
    told = exists().where(
        or_(Job.done_at.is_(None), Job.done_at >= decided_at),
        Job.failed_at.is_(None),
        Job.kind == kind,
        Job.payload["comment_id"].as_integer() == payload["comment_id"],
        Job.payload["decided_at"].as_string() == payload["decided_at"],
    )
    return bool(db.session.scalar(select(told)))


def has_successor(job: Job) -> bool:
    """Whether a later digest for the same person waits, which will say all that this one would."""
    later = exists().where(
        Job.done_at.is_(None),
        Job.failed_at.is_(None),
        Job.kind == job.kind,
        Job.id > job.id,
        Job.payload["account_id"].as_integer() == job.payload["account_id"],
    )
    return bool(db.session.scalar(select(later)))


def told_of_revision(revision_id: int) -> set[int]:
    """The ids of the addresses to which mail about this change of a card went or is on its way."""
    found = db.session.scalars(
        select(Job.payload["address_id"].as_integer()).where(
            Job.kind == Mail.CARD_CHANGED,
            Job.failed_at.is_(None),
            Job.payload["revision_id"].as_integer() == revision_id,
        )
    )
    return set(found)


def told_of_comment(comment: Comment) -> set[int]:
    """The ids of the addresses to which another mail about this text went or is on its way: of
    those whom it answers, and of those who have the question too."""
    kinds = (Mail.ANSWERED, Mail.REPLIED, Mail.ME_TOO_ANSWERED)
    since = comment.published_at or comment.created_at
    told = _told(since, Job.kind.in_(kinds), Job.payload["comment_id"].as_integer() == comment.id)
    return _addresses(told, "to_id")


def told_of_link(link: CardLink) -> set[int]:
    """Likewise about a card that answers a question: of its asker, and of those who have it too."""
    asker = and_(
        Job.kind == Mail.CARD_ANSWERED,
        Job.payload["comment_id"].as_integer() == link.comment_id,
        Job.payload["card_id"].as_integer() == link.card_id,
    )
    others = and_(Job.kind == Mail.ME_TOO_ANSWERED, Job.payload["link_id"].as_integer() == link.id)
    return _addresses(_told(link.at, or_(asker, others)), "comment_id")


def _told(since: datetime, *where: ColumnElement[bool]) -> list[dict[str, int]]:
    """What stands in the mails that went out since then, or are on their way."""
    not_before = or_(Job.done_at.is_(None), Job.done_at >= since)  # an index begins with done_at
    return list(
        db.session.scalars(select(Job.payload).where(not_before, Job.failed_at.is_(None), *where))
    )


def _addresses(told: list[dict[str, int]], writer: str) -> set[int]:
    """The addresses of those who have a question too, or wrote the comment that `writer` names."""
    others = [one["me_too_id"] for one in told if "me_too_id" in one]
    wrote = [one[writer] for one in told if "me_too_id" not in one]
    found = [
        *db.session.scalars(select(Comment.address_id).where(Comment.id.in_(wrote))),
        *db.session.scalars(select(MeToo.address_id).where(MeToo.id.in_(others))),
    ]
    return {one for one in found if one is not None}


def was_said_here(link: CardLink) -> bool:
    """Whether the card was made of a reply to this very question, which everyone may read there."""
    reply = exists().where(
        Comment.id == link.card.origin_id, Comment.question_id == link.comment_id, published()
    )
    return bool(db.session.scalar(select(reply)))


def card_link(comment_id: int, card_id: int) -> CardLink | None:
    """The link by which a card answers a question at this moment."""
    return db.session.scalar(
        select(CardLink)
        .where(CardLink.comment_id == comment_id, CardLink.card_id == card_id)
        .execution_options(populate_existing=True)
    )
