"""What every letter bears: a name for ever, and where its reader says no more."""

from __future__ import annotations

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Address
from app.infra import letters
from app.infra.jobs import Job
from app.infra.mail import Letter
from app.notifications import queries
from app.notifications.states import Mail, Topic


def letter(job: Job, to: Address, *, topic: Topic | None = None, **facts: object) -> Letter | None:
    """The letter of this job to this address; None when its owner wants no mail of the topic.

    The key holds for every try of one job and for no other job, even where a row's id comes again.
    """
    if topic is not None and not queries.wants(to.id, topic):
        return None
    kind = Mail(job.kind)
    return letters.write(
        kind.template,
        key=f"{kind.template}.{job.id}.{int(job.created_at.timestamp())}",
        to=to.email,
        unsubscribe_url=_unsubscribe_url(to, topic) if topic else None,
        **facts,
    )


def _unsubscribe_url(address: Address, topic: Topic) -> str:
    return letters.link_to(
        "accounts.unsubscribe",
        address_id=address.id,
        topic=topic,
        key=accounts.unsubscribe_key(address, topic),
    )
