"""The mail with an author's week."""

from __future__ import annotations

from datetime import date, datetime

from app.domains.accounts.models import Account
from app.infra import letters
from app.infra.db import db
from app.infra.http.links import absolute
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications.addressing import letter
from app.notifications.recipients import is_proven
from app.notifications.states import Topic
from app.weekly import digest


def week(job: Job) -> Letter | None:
    """What was asked in the days that the job names and is there to be read now; None where nothing
    is, and where its author left or was shut out."""
    account = db.session.get(Account, job.payload["account_id"])
    if account is None or not account.is_active or not is_proven(account):
        return None
    since, until = (datetime.fromisoformat(job.payload[name]) for name in ("since", "until"))
    found = digest.read(account, since, until)
    if found is None:
        return None
    return letter(
        job,
        account.address,
        topic=Topic.WEEK,
        digest=found,
        most=digest.MOST_QUESTIONS,
        first_day=date.fromisoformat(job.payload["first"]),
        last_day=date.fromisoformat(job.payload["last"]),
        absolute=absolute,
        link_to=letters.link_to,
    )
