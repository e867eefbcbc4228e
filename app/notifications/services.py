"""Saying no to mail, and taking back mail that was not sent yet. Verbs that flush, never commit."""

from __future__ import annotations

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from app.domains.accounts.events import AccountMoved
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job
from app.notifications import queries
from app.notifications.models import MailRefusal
from app.notifications.states import CALLED_OFF, Topic


def unsubscribe(address_id: int, topic: Topic) -> None:
    """No more mail of this topic to this address, what is queued already included. Repeatable."""
    if db.session.get(MailRefusal, (address_id, topic)) is not None:
        return
    try:
        with db.session.begin_nested():
            db.session.add(MailRefusal(address_id=address_id, topic=topic))
    except IntegrityError:  # a second click came in the same moment: what was asked for is so
        db.session.expire_all()


def take_again(address_id: int, topic: Topic) -> None:
    """Mail of this topic goes to this address again. Repeatable."""
    theirs = MailRefusal.address_id == address_id, MailRefusal.topic == topic
    db.session.execute(delete(MailRefusal).where(*theirs))


def account_moved(event: AccountMoved) -> None:
    """What the owner of an account refused is refused at the new address, and no more at the one
    before. What that address had refused itself stays so."""
    theirs = select(MailRefusal).where(MailRefusal.address_id == event.from_id)
    there = queries.refused_by(event.to_id)
    for refusal in db.session.scalars(theirs).all():
        if refusal.topic in there:
            db.session.delete(refusal)
        else:
            refusal.address_id = event.to_id
    db.session.flush()


def call_off(comment_id: int) -> None:
    """Take back the mails about a comment that is readable no more.

    One that a worker holds at this moment is left to it: it looks at the comment before it sends,
    and what it did stays known, so that the mail never goes out twice.
    """
    db.session.execute(
        delete(Job)
        .where(
            Job.done_at.is_(None),
            Job.failed_at.is_(None),
            or_(Job.locked_until.is_(None), Job.locked_until < clock.now()),
            Job.kind.in_(CALLED_OFF),
            Job.payload["comment_id"].as_integer() == comment_id,
        )
        .execution_options(synchronize_session=False)
    )
