"""What the owner of an address reads of a mail that could not be taken, or not whole.

It goes to the address that the answered mail had gone to, never to where a mail says it is from;
once a mail, and a few a day, so that no two programs ever write to each other.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import joinedload

from app.domains.accounts import tries
from app.domains.accounts.policy import Limit
from app.domains.comments import queries as comments
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications import outbox
from app.notifications.addressing import letter
from app.notifications.replies.errors import TOLD
from app.notifications.replies.models import MailedReply
from app.notifications.replies.states import PLACED, Outcome
from app.notifications.states import Mail

TELLINGS = Limit(10, timedelta(days=1))
"""Letters about mails that came in, to one person."""


def tell_refusal(row: MailedReply) -> bool:
    """Have its owner told why, in the caller's transaction; whether they are."""
    return _tell(Mail.REPLY_REFUSED, row)


def tell_of_files(row: MailedReply) -> None:
    """Have its owner told that the words were taken and the attachments were not."""
    _tell(Mail.REPLY_WITHOUT_FILES, row)


def _tell(kind: Mail, row: MailedReply) -> bool:
    if row.address_id is None:
        return False
    limits = {f"told of mailed:{row.address_id}": TELLINGS}
    tries.take_turns(limits)
    if not tries.count_if_it_fits(limits):
        return False
    payload = {"mailed_reply_id": row.id}
    outbox.queue(kind, payload, to=row.address_id, cause=f"mailed {row.key}")
    return True


def refused(job: Job) -> Letter | None:
    row = _row_of(job)
    if row is None or row.address is None:
        return None
    above = comments.find_visible(row.comment_id) if row.comment_id else None
    return letter(
        job,
        row.address,
        why=TOLD.get(Outcome(row.outcome), row.why),
        title=(above.title or above.article.title) if above else None,
        link=absolute(above.href) if above else None,
    )


def without_files(job: Job) -> Letter | None:
    """None where the text was taken away before."""
    row = _row_of(job)
    reply = comments.find(row.reply_id) if row is not None and row.reply_id else None
    if row is None or row.address is None or reply is None or row.outcome not in PLACED:
        return None
    return letter(
        job,
        row.address,
        article=reply.article.title,
        files=row.files,
        link=absolute(reply.href) if reply.is_published else None,
    )


def _row_of(job: Job) -> MailedReply | None:
    options = [joinedload(MailedReply.address)]
    number = job.payload["mailed_reply_id"]
    return db.session.get(MailedReply, number, options=options, populate_existing=True)
