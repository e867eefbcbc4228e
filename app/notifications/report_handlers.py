"""What readers reported was decided, or sent a text back: whom to tell. No mail is written here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domains.accounts.models import Address
from app.domains.moderation.events import ReportsClosed, SentBack
from app.domains.moderation.models import Report
from app.infra import clock
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.notifications import handlers
from app.notifications.recipients import is_proven
from app.notifications.states import Mail


def reports_closed(event: ReportsClosed) -> None:
    """Tell those whose address is known what came of their reports: when it can no more be undone,
    and in one mail with the others of theirs that are decided until then."""
    at = event.at.isoformat()
    for address_id in _told(event):
        key = f"{Mail.REPORT_OUTCOME}:{address_id}"
        payload = {"address_id": address_id, "first": at, "last": at}
        if enqueue(Mail.REPORT_OUTCOME, payload, after=handlers.UNDO_WINDOW, unique_key=key):
            continue
        waiting = db.session.scalar(select(Job).where(Job.unique_key == key).with_for_update())
        if waiting is not None:
            first, last = waiting.payload["first"], waiting.payload["last"]
            waiting.payload = {**payload, "first": min(first, at), "last": max(last, at)}
            waiting.run_at = clock.now() + handlers.UNDO_WINDOW


def sent_back(_event: SentBack) -> None:
    """Readers' reports made a published text wait: the desk hears of it."""
    handlers.tell_desk()


def _told(event: ReportsClosed) -> Iterable[int]:
    """The addresses of members and guests that are proven, each once."""
    found = db.session.scalars(
        select(Report)
        .options(joinedload(Report.account))
        .where(Report.comment_id == event.comment_id, Report.decided_at == event.at)
        .order_by(Report.id)
    )
    addresses: dict[int, None] = {}
    for report in found:
        account = report.account
        if account is not None:
            if account.is_active and is_proven(account):
                addresses[account.address_id] = None
        elif report.address_id is not None:
            address = db.session.get(Address, report.address_id)
            if address is not None and address.is_proven:
                addresses[address.id] = None
    return addresses
