"""What every letter bears: a name for ever, and where its reader says no more; and whether it may
be sent at all."""

from __future__ import annotations

from app.domains.accounts import mail_stops, preferences
from app.domains.accounts import queries as accounts_of
from app.domains.accounts import services as accounts
from app.domains.accounts.models import Address
from app.domains.comments.models import Comment
from app.infra import language, letters
from app.infra.jobs import Job, Postponed
from app.infra.mail import Letter
from app.notifications import queries
from app.notifications.names import name_of
from app.notifications.replies.addresses import reply_address
from app.notifications.states import WAYS_BACK, Mail, Topic


def letter(
    job: Job,
    to: Address,
    *,
    topic: Topic | None = None,
    ends: str | None = None,
    about: Comment | None = None,
    **facts: object,
) -> Letter | None:
    """The letter of this job to this address; None when its owner wants no mail of the topic, or
    is shut out by now, or no mail reaches it. Raises Postponed where none does for now.

    The link to get no more of these is about the topic, or about what `ends` names (`ending`).
    `about` is the text that whoever answers the mail answers to, where the site takes that."""
    if topic is not None and not queries.wants(to.id, topic):
        return None
    if (topic or ends) and _is_shut_out(to):
        return None
    kind = Mail(job.kind)
    stop = mail_stops.in_force(to.id) if kind not in WAYS_BACK else None
    if stop is not None and stop.until is not None:
        raise Postponed(stop.until)
    if stop is not None:
        return None
    with language.speaking(preferences.of_address(to.id)):
        return letters.write(
            kind.template,
            key=name_of(job, to.email_key),
            to=to.email,
            unsubscribe_url=_unsubscribe_url(to, ends or topic),
            reply_to=reply_address(about, to) if about is not None else None,
            **facts,
        )


def _is_shut_out(address: Address) -> bool:
    account = accounts_of.find_account_of(address)
    return account is not None and not account.is_active


def _unsubscribe_url(address: Address, topic: str | None) -> str | None:
    if topic is None:
        return None
    return letters.link_to(
        "accounts.unsubscribe",
        address_id=address.id,
        topic=topic,
        key=accounts.unsubscribe_key(address, topic),
    )
