"""Mail about measures: who is told of which, what it says, and who never hears."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.domains.accounts.models import Account, Address
from app.domains.accounts.states import Role
from app.domains.measures import services
from app.domains.measures.models import Measure
from app.domains.measures.services import About
from app.domains.measures.states import MeasureKind
from app.infra import clock as our_clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address
from tests.notifications.steps import html_of, links, subject_of, subjects
from tests.support.smtp import MailServer, text_of

pytestmark = pytest.mark.usefixtures("app")

Deliver = Callable[[], int]
A_MINUTE = 60


def take(
    kind: MeasureKind, *, account: Account | None = None, address: Address | None = None
) -> int:
    """A measure of a moderator until the tenth of March; its number."""
    account_id, address_id = account and account.id, address and address.id
    by_id = make_account(Role.MODERATOR).id
    until = our_clock.now() + timedelta(days=7)
    with unit_of_work():
        about = About(
            account=db.session.get(Account, account_id) if account_id else None,
            address=db.session.get(Address, address_id) if address_id else None,
        )
        measure = services.take(
            kind,
            about,
            reason="Advertises <shoes>.",
            by=db.session.get_one(Account, by_id),
            until=until if kind == MeasureKind.SUSPEND else None,
        )
        return measure.id


def delivered(clock: time_machine.Traveller, deliver: Deliver) -> None:
    clock.shift(A_MINUTE)
    deliver()


@pytest.mark.parametrize(
    ("kind", "subject", "words"),
    [
        (MeasureKind.WARN, "A word about what you wrote on Standing Well", "You can go on writing"),
        (
            MeasureKind.SUSPEND,
            "You cannot write on Standing Well until 10 March 2026",
            "until 10 March 2026, 09:30 UTC",
        ),
        (MeasureKind.BAN, "You cannot write on Standing Well any more", "any more"),
    ],
)
def test_the_person_reads_what_why_until_when_and_how_to_answer(
    mails: MailServer,
    deliver: Deliver,
    clock: time_machine.Traveller,
    kind: MeasureKind,
    subject: str,
    words: str,
) -> None:
    person = make_account()
    take(kind, account=person)
    delivered(clock, deliver)
    (message,) = mails.messages
    assert (subject_of(message), message["To"]) == (subject, person.address.email)
    text = text_of(message)
    for part in (words, "Advertises <shoes>.", "answer this mail"):
        assert part in text
    assert "Advertises &lt;shoes&gt;." in html_of(message)
    assert links(message) == ["https://questions.example.org/"]


def test_a_guest_is_told_at_a_proven_address(
    mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    take(MeasureKind.WARN, address=make_address(proven=True))
    delivered(clock, deliver)
    assert len(mails.messages) == 1


def test_v14_an_address_that_nobody_proved_gets_no_mail(
    mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    take(MeasureKind.BAN, address=make_address())
    take(MeasureKind.BAN, account=make_account(proven=False))
    delivered(clock, deliver)
    assert mails.messages == []


@pytest.mark.parametrize("kind", [MeasureKind.NOTE, MeasureKind.HOLD])
def test_notes_and_holds_are_never_mailed(
    mails: MailServer, deliver: Deliver, clock: time_machine.Traveller, kind: MeasureKind
) -> None:
    take(kind, account=make_account())
    delivered(clock, deliver)
    assert mails.messages == []


def test_what_was_lifted_within_half_a_minute_is_not_told(
    mails: MailServer, deliver: Deliver, clock: time_machine.Traveller
) -> None:
    measure_id = take(MeasureKind.BAN, account=make_account())
    deliver()
    assert subjects(mails.messages) == []
    by_id = make_account(Role.MODERATOR).id
    with unit_of_work():
        services.lift(db.session.get_one(Measure, measure_id), db.session.get_one(Account, by_id))
    delivered(clock, deliver)
    assert mails.messages == []
