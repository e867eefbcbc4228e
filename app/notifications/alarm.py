"""Something has waited too long: each moderator hears of it, once a day, until nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domains.accounts.models import Account
from app.domains.moderation.policy import may_moderate
from app.domains.moderation.queue.queries import moderators
from app.domains.moderation.queue.waiting import overdue
from app.infra import clock, letters, settings
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.infra.unit_of_work import unit_of_work
from app.notifications import outbox, queries
from app.notifications.addressing import letter
from app.notifications.recipients import is_proven
from app.notifications.states import Mail, Topic

A_DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def look(_job: Job) -> None:
    """The periodic job: queue the alarm for whom something waits that was not told today."""
    before = _limit()
    if before is None:
        return
    with unit_of_work():
        for account in moderators():
            payload = {"account_id": account.id}
            if not is_proven(account) or overdue(account, before=before) is None:
                continue
            if not queries.was_told(Mail.OVERDUE, payload, since=clock.now() - A_DAY):
                to, cause = account.address_id, f"day {clock.now():%Y-%m-%d}"
                outbox.queue(Mail.OVERDUE, payload, to=to, cause=cause)


def alarm(job: Job) -> Letter | None:
    """How many texts have waited too long, how long the oldest, and the way to them."""
    account = db.session.get(Account, job.payload["account_id"])
    before = _limit()
    if account is None or before is None or not may_moderate(account) or not is_proven(account):
        return None
    found = overdue(account, before=before)
    if found is None:
        return None
    return letter(
        job,
        account.address,
        topic=Topic.DESK,
        count=found.count,
        hours=settings.current().overdue_after_hours,
        age=(clock.now() - found.since) // HOUR,
        link=letters.link_to("moderation.queue"),
    )


def _limit() -> datetime | None:
    """What came before this has waited too long; None where nobody wants to hear of it."""
    hours = settings.current().overdue_after_hours
    return clock.now() - timedelta(hours=hours) if hours else None
