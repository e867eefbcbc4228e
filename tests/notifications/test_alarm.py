"""Something has waited too long: who hears of it, how often, and until when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from time_machine import Traveller

from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.moderation.models import DeskSection
from app.infra import clock as infra_clock
from app.infra import jobs
from app.infra.db import db
from app.notifications import services
from app.notifications.states import Topic
from app.notifications.wires import PERIODS
from tests.factories import make_account, make_article, make_comment, make_tag
from tests.notifications.steps import html_of, links, subjects
from tests.support.settings import change_settings
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]
HOUR = timedelta(hours=1)
RUTH = "ruth@example.com"


def hours_ago(hours: float) -> datetime:
    return infra_clock.now() - hours * HOUR


@pytest.fixture
def a_day(clock: Traveller, deliver: Deliver) -> Callable[[int], None]:
    """The worker's hours, one after the other."""

    def run(hours: int) -> None:
        for _ in range(hours):
            jobs.plan(PERIODS)
            deliver()
            clock.shift(HOUR)

    return run


Worker = Callable[[int], None]


def test_each_moderator_hears_how_many_and_how_old(
    app: Flask, mails: MailServer, a_day: Worker
) -> None:
    make_account(Role.MODERATOR, email=RUTH)
    make_account(Role.ADMIN, email="ines@example.com")
    make_comment(status=Status.PENDING, created_at=hours_ago(31))
    make_comment(status=Status.PENDING, created_at=hours_ago(25))
    make_comment(status=Status.PENDING, created_at=hours_ago(20))

    a_day(1)

    assert len(mails.to("ines@example.com")) == 1
    (mail,) = mails.to(RUTH)
    assert subjects([mail]) == ["2 texts have waited for more than 24 hours"]
    assert "the oldest for 31 hours" in text_of(mail)
    assert "the oldest for 31 hours" in html_of(mail)
    assert "https://questions.example.org/moderation/" in links(mail)


def test_it_comes_once_a_day_and_stops_when_nothing_is_overdue(
    app: Flask, mails: MailServer, a_day: Worker
) -> None:
    make_account(Role.MODERATOR, email=RUTH)
    comment = make_comment(status=Status.PENDING, created_at=hours_ago(30))
    a_day(24)
    assert len(mails.to(RUTH)) == 1
    a_day(24)
    assert len(mails.to(RUTH)) == 2

    comment.status = Status.APPROVED
    db.session.commit()
    a_day(48)

    assert len(mails.to(RUTH)) == 2


def test_what_readers_reported_counts_from_then(
    app: Flask, mails: MailServer, a_day: Worker
) -> None:
    make_account(Role.MODERATOR, email=RUTH)
    make_comment(created_at=hours_ago(900), reported_at=hours_ago(100))

    a_day(1)

    (mail,) = mails.to(RUTH)
    assert subjects([mail]) == ["1 text has waited for more than 24 hours"]
    assert "4 days" in text_of(mail)


def test_what_waits_for_a_colleague_or_stands_in_other_sections_is_not_theirs(
    app: Flask, mails: MailServer, a_day: Worker
) -> None:
    hips = make_tag("hips")
    ruth = make_account(Role.MODERATOR, email=RUTH)
    tomasz = make_account(Role.MODERATOR, email="tomasz@example.com")
    db.session.add(DeskSection(account_id=ruth.id, tag_id=hips.id))
    old = {"status": Status.PENDING, "created_at": hours_ago(50)}
    make_comment(**old)
    make_comment(article=make_article(tags=[hips]), held_for_id=tomasz.id, **old)

    a_day(1)

    assert mails.to(RUTH) == []
    assert len(mails.to("tomasz@example.com")) == 1


@pytest.mark.parametrize("hours", [0, 100])
def test_the_site_says_how_long_is_too_long(
    app: Flask, mails: MailServer, a_day: Worker, hours: int
) -> None:
    change_settings(app, overdue_after_hours=hours)
    make_account(Role.MODERATOR, email=RUTH)
    make_comment(status=Status.PENDING, created_at=hours_ago(50))

    a_day(2)

    assert mails.messages == []


def test_who_refused_mail_about_the_desk_or_proved_no_address_gets_none(
    app: Flask, mails: MailServer, a_day: Worker
) -> None:
    ruth = make_account(Role.MODERATOR, email=RUTH)
    services.unsubscribe(ruth.address_id, Topic.DESK)
    make_account(Role.MODERATOR, proven=False)
    make_account(Role.MODERATOR, disabled=True)
    make_account(Role.READER)
    article = make_article(author=make_account(Role.AUTHOR, proven=False))
    make_comment(article=article, status=Status.PENDING, created_at=hours_ago(50))

    a_day(2)

    assert mails.messages == []
