"""The sorts of mail that a person may get, and which they want. Verbs flush, never commit."""

from __future__ import annotations

from collections.abc import Collection

from app.domains.accounts.models import Account
from app.infra.language import sentence
from app.notifications.queries import refused_by
from app.notifications.services import take_again, unsubscribe
from app.notifications.states import Topic

OFFERED = (
    (Topic.REPLIES, sentence("When what you wrote is let in, and when it is answered, at once")),
    (Topic.REPORTS, sentence("What came of your reports, when they are decided")),
    (Topic.CARDS, sentence("When an answer that you were given changes")),
)
OFFERED_TO_STAFF = (
    (Topic.DESK, sentence("What waits for a moderator, in one mail for all of it")),
)
OFFERED_TO_WRITERS = (
    (Topic.INBOX, sentence("Questions that wait for your answer, in one mail for all of them")),
    (Topic.WEEK, sentence("What readers asked in a week, by subject, on Monday morning")),
)


def offered(person: Account) -> tuple[tuple[Topic, str], ...]:
    """What somebody with this role may get, in words."""
    writes = person.is_staff and person.role != "moderator"
    found: tuple[tuple[Topic, str], ...] = OFFERED
    if person.is_staff:
        found += OFFERED_TO_STAFF
    return found + OFFERED_TO_WRITERS if writes else found


def wanted_by(person: Account) -> list[str]:
    """Of what is offered to them, what they did not say no to."""
    refused = refused_by(person.address_id)
    return [str(topic) for topic, _words in offered(person) if topic not in refused]


def want_only(person: Account, wanted: Collection[str]) -> None:
    """From now on mail of these, and none of what else is offered to them."""
    for topic, _words in offered(person):
        if topic in wanted:
            take_again(person.address_id, topic)
        else:
            unsubscribe(person.address_id, topic)
