"""Mails about somebody's own data. They answer an act of theirs and cannot be refused."""

from __future__ import annotations

from app.domains.accounts.models import Account, Address
from app.domains.privacy import copies
from app.domains.privacy import leaving as erasures
from app.domains.privacy.events import CopyMade, ErasureAsked
from app.domains.privacy.models import DataCopy, Erasure
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


def erasure_asked(event: ErasureAsked) -> None:
    enqueue(Mail.LEAVING, {"erasure_id": event.erasure_id})


def leaving(job: Job) -> Letter | None:
    """Everything of somebody's is erased in a day, and this link takes that back. An account that
    never proved its address is told as well: it is the only way to hear of it."""
    erasure = db.session.get(Erasure, job.payload["erasure_id"])
    if erasure is None or erasure.taken_back_at is not None or erasure.begun_at is not None:
        return None
    account = db.session.get(Account, erasure.account_id) if erasure.account_id else None
    to = account.address if account is not None else db.session.get(Address, erasure.address_id)
    if to is None:
        return None
    secret = erasures.secret_of(erasure)
    link = letters.link_to("privacy.change_mind", erasure_id=erasure.id, secret=secret)
    return letter(job, to, due_at=erasure.due_at, link=link)
