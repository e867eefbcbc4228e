"""Mails about somebody's own data. They answer an act of theirs and cannot be refused."""

from __future__ import annotations

from app.domains.privacy import copies
from app.domains.privacy.events import CopyMade
from app.domains.privacy.models import DataCopy
from app.infra import letters
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.mail import Letter
from app.notifications.addressing import letter
from app.notifications.states import Mail


def copy_made(event: CopyMade) -> None:
    enqueue(Mail.COPY_READY, {"copy_id": event.copy_id})


def copy_ready(job: Job) -> Letter | None:
    """A copy can be taken. Whoever has an account takes it on their page; a guest by this link."""
    copy = db.session.get(DataCopy, job.payload["copy_id"])
    to = copies.recipient(copy) if copy is not None else None
    if copy is None or to is None:
        return None
    link = letters.link_to("privacy.your_data")
    if copy.account_id is None:
        key = copies.key_of(copy)
        link = letters.link_to("privacy.guests_copy", address_id=to.id, key=key)
    return letter(job, to, link=link)
