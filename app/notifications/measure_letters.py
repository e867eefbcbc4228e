"""Letters to people about measures: a warning, a suspension, a ban. They answer an act at the desk
and cannot be refused; only an address whose owner has proven it gets one."""

from __future__ import annotations

from app.domains.accounts.models import Address
from app.domains.measures import queries as measures
from app.domains.measures.events import MeasureTaken
from app.domains.measures.models import Measure
from app.domains.measures.states import MeasureKind
from app.infra import clock
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications import outbox
from app.notifications.addressing import letter
from app.notifications.handlers import UNDO_WINDOW
from app.notifications.recipients import is_proven
from app.notifications.states import Mail

KINDS = {
    MeasureKind.WARN: Mail.WARNED,
    MeasureKind.SUSPEND: Mail.SHUT_OUT,
    MeasureKind.BAN: Mail.SHUT_OUT,
}


def measure_taken(event: MeasureTaken) -> None:
    measure = measures.find(event.measure_id)
    to = _recipient(measure) if measure else None
    if measure is not None and to is not None:
        kind, payload = KINDS[MeasureKind(measure.kind)], {"measure_id": measure.id}
        cause = f"measure {measure.id}"
        outbox.queue(kind, payload, to=to.id, cause=cause, after=UNDO_WINDOW)


def told(job: Job) -> Letter | None:
    """What was done, why and until when; None for what was lifted or is over by now."""
    measure = measures.find(job.payload["measure_id"])
    to = _recipient(measure) if measure else None
    if measure is None or to is None or measure.lifted_at is not None:
        return None
    if measure.until is not None and measure.until <= clock.now():
        return None
    return letter(job, to, reason=measure.reason, until=measure.until)


def _recipient(measure: Measure) -> Address | None:
    account = measure.account
    if account is not None:
        return account.address if account.is_active and is_proven(account) else None
    address = measure.address
    return address if address is not None and address.is_proven else None
