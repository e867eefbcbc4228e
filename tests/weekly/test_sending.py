"""Once a week and author, on Monday morning: who is sent a digest, when, and never twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update
from time_machine import Traveller

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications import services
from app.notifications.states import Mail, Topic
from app.weekly import sending
from tests.factories import make_address, make_article
from tests.notifications.steps import html_of, subject_of
from tests.support.queries import count_queries
from tests.support.smtp import MailServer, text_of
from tests.weekly.asking import CLICKS, MARTA, OTHERS, ask, long_there, make_author

Look = Callable[[], None]
MONDAY = "2026-03-02T07:00:00+00:00"
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def author(app: object, clock: Traveller) -> Account:
    """Somebody who was asked six questions last week. It is Monday, a minute before the hour."""
    clock.move_to(MONDAY)
    author = make_author()
    ask(long_there(author), *CLICKS, *OTHERS)
    clock.shift(timedelta(minutes=-1))
    return author


def test_on_monday_morning_an_author_is_sent_what_the_week_asked(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    look()
    assert not mails.to(MARTA)
    clock.shift(timedelta(hours=1))
    look()
    (mail,) = mails.to(MARTA)
    text, html = text_of(mail), html_of(mail)
    assert subject_of(mail) == "Your week: 6 questions under your articles"
    assert "from 23 February 2026 to 1 March 2026" in text
    assert "4 questions, 4 of them open" in text
    assert "https://questions.example.org/author/" in text
    assert "/author/cards/new?title=" in html
    assert all(title in text and title in html for title in OTHERS)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_morning_is_the_authors_own(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    author.time_zone = "Asia/Tokyo"
    db.session.commit()
    clock.shift(timedelta(hours=-10))  # there it is six on Monday
    look()
    assert not mails.to(MARTA)
    clock.shift(timedelta(hours=1, minutes=1))
    look()
    assert len(mails.to(MARTA)) == 1


def _an_hour_later(clock: Traveller) -> None:
    clock.shift(timedelta(hours=1))


def _back_by_a_week(clock: Traveller) -> None:
    clock.shift(-WEEK)


def _with_another_address(_clock: Traveller) -> None:
    db.session.execute(update(Account).values(address_id=make_address(proven=True).id))
    db.session.commit()


def _after_it_was_given_up(_clock: Traveller) -> None:
    sent = update(Job).where(Job.kind == Mail.WEEK)
    db.session.execute(sent.values(failed_at=Job.done_at, done_at=None))
    db.session.commit()


@pytest.mark.parametrize(
    "then", [_an_hour_later, _back_by_a_week, _with_another_address, _after_it_was_given_up]
)
def test_no_second_digest_of_a_week_is_sent(
    author: Account,
    look: Look,
    mails: MailServer,
    clock: Traveller,
    then: Callable[[Traveller], None],
) -> None:
    clock.shift(timedelta(hours=1))
    ask(long_there(author), *CLICKS, days_ago=10)  # in the week before
    look()
    assert len(mails.messages) == 1
    then(clock)
    clock.shift(timedelta(hours=1))
    look()
    assert len(mails.messages) == 1


def test_what_no_worker_told_for_weeks_is_told_once(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    look()
    article = long_there(author)
    for _ in range(4):
        clock.shift(WEEK)
        ask(article, OTHERS[0])
    look()
    clock.shift(timedelta(hours=2))
    look()
    _, mail = mails.to(MARTA)
    assert "4 questions came in under your articles from 2 March 2026" in text_of(mail)


def test_a_week_in_which_nobody_asked_brings_no_mail(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    clock.shift(timedelta(hours=1))
    look()
    clock.shift(WEEK)
    look()
    assert len(mails.to(MARTA)) == 1


def test_v08_what_is_hidden_before_the_mail_goes_is_not_in_it(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    clock.shift(timedelta(hours=15))  # at night: it waits for the morning
    look()
    assert not mails.to(MARTA)
    db.session.execute(
        update(Comment).where(Comment.title.in_(CLICKS)).values(status=Status.REJECTED)
    )
    db.session.commit()
    clock.shift(timedelta(hours=10))
    look()
    (mail,) = mails.to(MARTA)
    assert "2 questions came in" in text_of(mail)
    assert "clicking" not in text_of(mail)


def test_who_refused_the_mail_gets_none_until_it_is_wanted_again(
    author: Account, look: Look, mails: MailServer, clock: Traveller
) -> None:
    address_id, article = author.address_id, long_there(author)
    with unit_of_work():
        services.unsubscribe(address_id, Topic.WEEK)
    clock.shift(timedelta(hours=1))
    look()
    with unit_of_work():
        services.take_again(address_id, Topic.WEEK)
    clock.shift(DAY)
    look()
    assert not mails.to(MARTA), "the week is over and was not wanted"
    ask(article, OTHERS[0], days_ago=0)
    clock.shift(WEEK - DAY)
    look()
    assert len(mails.to(MARTA)) == 1


def test_an_author_whom_nobody_asked_costs_no_statement(author: Account) -> None:
    counted = []
    for _ in range(2):
        with count_queries() as look:
            sending.look(Job(kind=sending.JOB, payload={}))
        counted.append(look.total)
        for _ in range(3):
            make_article()
    assert counted[0] == counted[1]
