"""Mail that came back: whose report is believed, what it stops, for how long, and who lifts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts import mail_stops, services
from app.domains.accounts.mail_stops import FORGIVEN_AFTER, SOFT_STOPS, MailStop
from app.domains.accounts.models import Address
from app.domains.accounts.states import Role, Stop
from app.infra import clock as now
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications import returned
from app.notifications.returned import NobodysAddress, NotOurMail, UnreadReport
from tests.factories import make_account, make_address, make_article
from tests.notifications.steps import ask, asked_and_approved, link_below, subjects
from tests.support.client import Browser
from tests.support.reports import complaint, delivery_status
from tests.support.smtp import MailServer

Deliver = Callable[[], int]
INES = "ines@example.com"
SOURCE = "the tests"


def take(report: bytes) -> list[bool]:
    """Whether each address that it stops is newly stopped."""
    with unit_of_work():
        return [one.is_new for one in returned.take(report, source=SOURCE)]


def received(mails: MailServer, deliver: Deliver, email: str = INES) -> str:
    """The name of a mail that went to this address."""
    ask(make_article(), f"Why does it click, asks {email}?", email=email)
    deliver()
    name = str(mails.messages[-1]["Message-ID"])
    mails.clear()
    return name


def stop(kind: Stop, email: str = INES) -> MailStop:
    with unit_of_work():
        address = returned.stop_by_hand(email, kind, "full", source=SOURCE).address
    return db.session.get_one(MailStop, address.id)


def test_a_report_that_quotes_our_mail_stops_all_mail_to_that_address(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    name = received(mails, deliver)

    assert take(delivery_status(INES, name=name)) == [True]
    ask(make_article(), "Why does my knee click?", email=INES)
    deliver()

    assert mails.to(INES) == []
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "stop mail"))
    assert (entry.actor_name, entry.to_state) == (SOURCE, "hard")
    assert entry.reason == "550 5.1.1 no such person"


def test_a_complaint_that_quotes_our_mail_stops_mail_for_good(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    name = received(mails, deliver)
    assert take(complaint(INES, name=name)) == [True]
    (found,) = db.session.scalars(select(MailStop))
    assert (found.kind, found.until) == (Stop.COMPLAINT, None)


def test_a_forged_report_stops_nobodys_mail(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    """The forger has mails of their own and knows the victim's address, and how names look."""
    own = received(mails, deliver, "mallory@example.com")
    received(mails, deliver)
    about, sign, rest = own.partition("@")[0].rpartition(".")
    names = (own, f"{about}.{'0' * 40}@x", f"{about}@x", "<>", "", f"{sign}.{rest}", "received.1.1")

    for name in names:
        with pytest.raises(NotOurMail):
            take(delivery_status(INES, name=name))

    assert db.session.scalars(select(MailStop)).all() == []


def test_a_report_about_an_address_that_nobody_typed_stops_nothing(app: Flask) -> None:
    with pytest.raises(NotOurMail):
        take(delivery_status("nobody@example.com"))
    with pytest.raises(NobodysAddress):
        stop(Stop.HARD, "nobody@example.com")


def test_what_is_no_report_is_refused(app: Flask) -> None:
    with pytest.raises(UnreadReport):
        take(b"Subject: Hello")


def test_a_report_that_a_mail_is_late_stops_nothing(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    name = received(mails, deliver)
    assert take(delivery_status(INES, name=name, action="delayed", status="4.4.1")) == []


def test_an_address_in_other_letters_is_known_in_the_servers_spelling(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    name = received(mails, deliver, "jo@müller.example")
    assert take(delivery_status("jo@xn--mller-kva.example", name=name)) == [True]


def test_the_same_report_twice_counts_once(app: Flask, mails: MailServer, deliver: Deliver) -> None:
    name = received(mails, deliver)
    full = delivery_status(INES, name=name, status="4.2.2", said="452 mailbox full")
    assert [take(full), take(full)] == [[True], [False]]
    assert db.session.scalars(select(MailStop.times)).one() == 1


def test_soft_bounces_stop_mail_longer_each_time_and_at_last_for_good(
    app: Flask, clock: Traveller
) -> None:
    make_address(INES)
    for pause in SOFT_STOPS:
        found = stop(Stop.SOFT)
        assert found.until == now.now() + pause
        clock.shift(pause + timedelta(minutes=1))
        assert mail_stops.in_force(found.address_id) is None
    assert stop(Stop.SOFT).until is None


def test_a_soft_bounce_long_after_the_last_is_the_first_again(app: Flask, clock: Traveller) -> None:
    make_address(INES)
    stop(Stop.SOFT)
    clock.shift(FORGIVEN_AFTER + timedelta(days=1))
    assert stop(Stop.SOFT).until == now.now() + SOFT_STOPS[0]


def test_what_stopped_mail_for_good_is_not_shortened_by_a_soft_bounce(app: Flask) -> None:
    make_address(INES)
    stop(Stop.HARD)
    assert stop(Stop.SOFT).kind == Stop.HARD


def test_a_hard_bounce_while_mail_rests_for_some_days_is_for_good(app: Flask) -> None:
    make_address(INES)
    stop(Stop.SOFT)
    assert (stop(Stop.HARD).kind, stop(Stop.HARD).until) == (Stop.HARD, None)


def test_mail_that_waits_for_a_full_mailbox_goes_when_its_days_are_over(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_address(INES)
    stop(Stop.SOFT)
    ask(make_article(), email=INES)
    deliver()
    assert mails.to(INES) == []

    clock.shift(SOFT_STOPS[0])
    deliver()

    assert len(mails.to(INES)) == 1


def test_the_digests_of_days_without_mail_are_one(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    make_account(Role.MODERATOR, email="moderator@example.com")
    article = make_article()
    stop(Stop.SOFT, "moderator@example.com")
    for number in range(3):
        ask(article, f"Why does hip {number} click?", email=f"reader{number}@example.com")
        clock.shift(timedelta(minutes=6))
        deliver()

    clock.shift(SOFT_STOPS[0])
    deliver()

    assert len(mails.to("moderator@example.com")) == 1


def test_only_the_link_that_proves_the_address_is_sent_and_proving_lifts_the_stop(
    app: Flask, mails: MailServer, deliver: Deliver, as_: Callable[..., Browser]
) -> None:
    account = make_account(email=INES)
    stop(Stop.HARD)
    client = as_(account)
    page = client.get("/account/").text
    assert "came back, so we no longer write there" in page

    client.submit("/account/prove")
    deliver()
    (mail,) = mails.to(INES)
    assert subjects([mail]) == ["Please confirm your address for Standing Well"]
    assert "write to this address again" in str(mail.get_body(("plain",)))
    client.submit(link_below(mail, "/prove").partition("example.org")[2])

    assert mail_stops.in_force(account.address_id) is None
    assert "came back" not in client.get("/account/").text


def test_a_link_to_a_new_password_is_sent_and_lifts_the_stop(
    app: Flask, mails: MailServer, deliver: Deliver, client: Browser
) -> None:
    account = make_account(email=INES)
    stop(Stop.COMPLAINT)
    client.submit("/forgot-password", email=INES)
    deliver()
    assert len(mails.to(INES)) == 1
    with unit_of_work():
        services.prove_address(db.session.get_one(Address, account.address_id))
    assert mail_stops.in_force(account.address_id) is None


def test_a_guest_reads_of_it_on_the_private_page_where_the_address_was_proven(
    app: Flask, mails: MailServer, deliver: Deliver, client: Browser
) -> None:
    ask(make_article(), email=INES)
    deliver()
    (mail,) = mails.to(INES)
    status = link_below(mail, "/asked").partition("example.org")[2]
    stop(Stop.HARD)
    assert "came back" not in client.get(status).text  # nobody is told what a typed address does
    with unit_of_work():
        address = db.session.scalars(select(Address).where(Address.email == INES)).one()
        key = services.proof_key(address)
    client.submit(f"/prove/{address.id}/{key}")
    stop(Stop.HARD)

    page = client.get(status).text
    assert "Mail to your address came back" in page
    mails.clear()
    client.submit(f"{status}/prove")
    deliver()
    assert len(mails.to(INES)) == 1


def test_staff_see_it_on_the_persons_page_and_admins_in_the_settings(
    app: Flask, as_: Callable[..., Browser]
) -> None:
    address = make_address(INES)
    stop(Stop.HARD)
    admin = as_(make_account(Role.ADMIN, email="boss@example.org"))

    person = admin.get(f"/moderation/people/address/{address.id}").text
    assert "Mail to this address came back" in person
    settings = admin.get("/settings/mails/stopped").text
    assert "i•••@example.com" in settings
    assert "No such mailbox" in settings


def test_mail_to_others_goes_on(app: Flask, mails: MailServer, deliver: Deliver) -> None:
    asked_and_approved(make_article(), make_account(Role.MODERATOR))
    stop(Stop.HARD)
    mails.clear()
    ask(make_article(), email="bo@example.com")
    deliver()
    assert len(mails.to("bo@example.com")) == 1


@pytest.mark.parametrize(
    ("answer", "is_stopped"),
    [
        ("550 5.1.1 <ines@example.com>: no such person", True),
        ("550 #5.1.3 what an address", True),
        ("556 5.1.10 the domain takes no mail", True),
        ("550 5.1.8 the sender's domain is not there", False),
        ("554 5.7.1 relaying denied", False),
        ("552 5.2.2 mailbox full", False),
        ("550 no such person", False),
        ("450 4.1.1 not now", False),
    ],
)
def test_a_mailbox_that_our_own_server_says_is_not_there_stops_mail_as_a_report_does(
    app: Flask, mails: MailServer, deliver: Deliver, answer: str, is_stopped: bool
) -> None:
    mails.answers.append(answer)
    ask(make_article(), email=INES)
    deliver()
    found = db.session.scalars(select(MailStop)).all()
    assert [one.kind for one in found] == ([Stop.HARD] if is_stopped else [])
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "stop mail")).all()
    assert [one.actor_name for one in entries] == ["mail server"] * is_stopped


def test_an_admin_lifts_a_stop_and_the_record_says_who(
    app: Flask, as_: Callable[..., Browser], mails: MailServer, deliver: Deliver
) -> None:
    address = make_address(INES)
    stop(Stop.COMPLAINT)
    boss = make_account(Role.ADMIN, email="boss@example.org")
    lift = f"/settings/mails/stopped/{address.id}/lift"
    admin = as_(boss)

    assert admin.submit(lift).status_code == 303
    ask(make_article(), email=INES)
    deliver()
    assert len(mails.to(INES)) == 1
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "lift mail stop"))
    assert (entry.actor_id, entry.subject_id) == (boss.id, address.id)
    assert entry.from_state == "complaint"
    assert admin.submit(lift).status_code == 409, "nothing is left to lift"
