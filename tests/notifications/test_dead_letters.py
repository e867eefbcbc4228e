"""Mails that were given up: who sees what of them, sent again, laid aside."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import mail_stops
from app.domains.accounts.mail_stops import MailStop
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role, Stop
from app.infra import jobs
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import dead_letters, returned
from app.notifications.dead_letters import NotGivenUp
from app.notifications.states import Mail
from app.notifications.words import ABOUT
from tests.factories import make_account, make_address, make_article
from tests.notifications.steps import ask
from tests.support.client import Browser
from tests.support.smtp import MailServer

Deliver = Callable[[], int]
As = Callable[[Account], Browser]
PAGE = "/settings/mails"
GONE = "550 no such person"


def give_up(mails: MailServer, deliver: Deliver, *emails: str) -> list[int]:
    """A mail to each of these that its server refused for good; the numbers of their jobs."""
    article = make_article()
    for email in emails:
        ask(article, f"Why does my hip click, asks {email}?", email=email)
    mails.answers += [GONE] * len(emails)
    deliver()
    db.session.commit()
    return [one.id for one in dead_letters.given_up()[0]]


def boss() -> Account:
    return make_account(Role.ADMIN, email="boss@example.org")


def test_r10_a_mail_that_was_given_up_is_shown_with_its_reason_and_a_masked_address(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    give_up(mails, deliver, "ines@example.com")

    page = as_(boss()).get(PAGE).text

    assert "A text was received" in page
    assert "i•••@example.com" in page
    assert "ines@example.com" not in page
    assert GONE in page


@pytest.mark.parametrize("said", ["550 5.1.1 <{}>: Recipient address rejected", "451 {} is full"])
def test_v14_what_the_server_says_names_nobody(
    app: Flask,
    mails: MailServer,
    deliver: Deliver,
    as_: As,
    caplog: pytest.LogCaptureFixture,
    said: str,
) -> None:
    ask(make_article(), email="ines@example.com")
    mails.answers.append(said.format("ines@example.com"))
    deliver()
    job = db.session.scalars(select(Job).where(Job.last_error != "")).one()
    job.failed_at = jobs.clock.now()
    db.session.commit()

    page = as_(boss()).get(PAGE).text

    assert "i•••@example.com" in job.last_error
    assert "ines@example.com" not in job.last_error + page + caplog.text


def test_an_empty_list_says_so(app: Flask, as_: As) -> None:
    admin = as_(boss())
    assert "No mail was given up." in admin.get(PAGE).text
    assert "No mail came back" in admin.get(f"{PAGE}/stopped").text


def test_a_mail_that_is_sent_again_bears_the_name_that_it_had(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    (number,) = give_up(mails, deliver, "ines@example.com")
    client = as_(boss())

    answer = client.submit(f"{PAGE}/{number}/again")
    deliver()

    assert answer.status_code == 303
    (mail,) = mails.to("ines@example.com")
    assert str(mail["Message-ID"]).startswith(f"<received.{number}.")
    assert dead_letters.given_up()[0] == []
    assert _record() == [("send again", number, {"mails": {"received": 1}})]


def test_all_of_them_are_sent_again_by_one_press(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    give_up(mails, deliver, "ines@example.com", "bo@example.com")

    as_(boss()).submit(f"{PAGE}/again")
    deliver()

    assert len(mails.messages) == 2
    assert _record() == [("send again", 0, {"mails": {"received": 2}})]


def test_what_is_dropped_is_never_sent_and_counts_as_failed_no_more(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    first, second = give_up(mails, deliver, "ines@example.com", "bo@example.com")
    client = as_(boss())

    client.submit(f"{PAGE}/{first}/drop")
    client.submit(f"{PAGE}/drop")
    deliver()

    assert mails.messages == []
    assert jobs.waiting()[2] == 0
    assert _record() == [
        ("drop", first, {"mails": {"received": 1}}),
        ("drop", second, {"mails": {"received": 1}}),
    ]


def test_of_two_admins_who_send_one_mail_again_the_second_hears_of_it(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    (number,) = give_up(mails, deliver, "ines@example.com")
    client = as_(boss())
    client.submit(f"{PAGE}/{number}/again")

    answer = client.submit(f"{PAGE}/{number}/again")

    assert answer.status_code == 409
    assert "meanwhile" in answer.text
    assert len(_record()) == 1


def test_a_mail_to_where_mail_is_stopped_for_good_waits_for_its_owner(
    app: Flask, mails: MailServer, deliver: Deliver, as_: As
) -> None:
    _, first = give_up(mails, deliver, "ines@example.com", "bo@example.com")
    with unit_of_work():
        returned.stop_by_hand("ines@example.com", Stop.HARD, "gone", source="the tests")
    client = as_(boss())
    assert "No mail goes to this address until" in client.get(PAGE).text

    answer = client.submit(f"{PAGE}/{first}/again")
    client.submit(f"{PAGE}/again")
    deliver()

    assert answer.status_code == 409
    assert [mail["To"] for mail in mails.messages] == ["bo@example.com"]
    assert [one.id for one in dead_letters.given_up()[0]] == [first]
    with unit_of_work():
        mail_stops.lift(db.session.scalars(select(MailStop.address_id)).one())
    assert client.submit(f"{PAGE}/{first}/again").status_code == 303
    deliver()
    assert len(mails.to("ines@example.com")) == 1


def test_a_mail_that_was_sent_cannot_be_sent_again_by_hand(
    app: Flask, mails: MailServer, deliver: Deliver
) -> None:
    ask(make_article())
    deliver()
    (number,) = db.session.scalars(select(Job.id).where(Job.kind == Mail.RECEIVED))
    admin = boss()

    for act in (dead_letters.send_again, dead_letters.drop):
        with pytest.raises(NotGivenUp), unit_of_work():
            act(number, by=admin)


def test_other_work_that_failed_is_not_among_the_mails(app: Flask) -> None:
    db.session.add(Job(kind="link.check", failed_at=jobs.clock.now()))
    db.session.commit()
    assert dead_letters.given_up()[0] == []
    assert dead_letters.drop_all(by=boss()) == 0


def test_a_mail_whose_words_could_not_be_written_stands_there_without_an_address(
    app: Flask, as_: As
) -> None:
    db.session.add(Job(kind=Mail.PROVE, failed_at=jobs.clock.now(), last_error="KeyError: 'why'"))
    db.session.commit()
    page = as_(boss()).get(PAGE).text
    assert "Whom it was for is not known" in page
    assert "A link to confirm an address" in page


def test_a_long_list_goes_on_on_another_page(app: Flask, as_: As) -> None:
    now, address = jobs.clock.now(), make_address("bo@example.com")
    db.session.add_all(
        Job(kind=Mail.PROVE, failed_at=now, last_error=f"Away: try {n}.", address_id=address.id)
        for n in range(51)
    )
    db.session.commit()
    client = as_(boss())
    first = client.get(PAGE).text
    assert first.count("b•••@example.com") == 50
    _, ways = dead_letters.given_up()
    page = client.get(f"{PAGE}?after={ways.after}").text
    assert page.count("b•••@example.com") == 1
    assert "Later mails" in page


@pytest.mark.parametrize("place", ["before=x", "after=-1", "after=9e9"])
def test_a_place_in_the_list_that_is_none_is_no_fault(app: Flask, as_: As, place: str) -> None:
    assert as_(boss()).get(f"{PAGE}?{place}").status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("kind", list(Mail))
def test_every_kind_of_mail_has_words_for_the_admin(kind: Mail) -> None:
    assert ABOUT[kind]


def _record() -> list[tuple[str, int, dict[str, object]]]:
    rows = select(AuditEntry).where(AuditEntry.subject == "mail").order_by(AuditEntry.id)
    return [(row.act, row.subject_id, row.detail) for row in db.session.scalars(rows)]
