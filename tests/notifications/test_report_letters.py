"""Readers reported a text and a moderator decided: who hears of it, when, and in how many mails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from time_machine import Traveller

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.reported import reports
from app.domains.moderation.reported.reporting import Reporter
from app.domains.moderation.states import ReportOutcome
from app.infra.clock import now
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.notifications import services
from app.notifications.states import Topic
from tests.domains.moderation.reporters import a_guest, a_member, report
from tests.factories import make_account, make_address, make_comment
from tests.notifications.steps import subjects
from tests.support.smtp import MailServer, text_of

pytestmark = pytest.mark.usefixtures("app")

Deliver = Callable[[], int]
UNDO = timedelta(seconds=30)


@pytest.fixture
def moderator(app: Flask) -> Account:
    return make_account(Role.MODERATOR, email="tom@example.com")


@pytest.fixture
def bo(app: Flask) -> Account:
    return make_account(email="bo@example.com")


def close(outcome: ReportOutcome, by: Account, *comments: Comment) -> datetime:
    """One act on these texts."""
    by_id, ids = by.id, [comment.id for comment in comments]
    at = None
    with unit_of_work():
        moderator = db.session.get_one(Account, by_id)
        for comment_id in ids:
            at = reports.close(db.session.get_one(Comment, comment_id), outcome, moderator)
    assert at is not None
    return at


def test_a_member_hears_that_the_text_was_taken_down_when_it_can_no_more_be_undone(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    comment = make_comment("Buy my shoes.", name="Ines")
    report(comment, a_member(bo))
    comment.status = Status.SPAM
    close(ReportOutcome.UPHELD, moderator, comment)
    deliver()
    assert mails.messages == []
    clock.shift(UNDO)
    deliver()
    (message,) = mails.messages
    assert message["To"] == "bo@example.com"
    assert "the text was taken down" in text_of(message)
    assert "Buy my shoes" not in text_of(message)


def test_a_member_who_is_shut_out_meanwhile_hears_nothing(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    comment = make_comment("Buy my shoes.", name="Ines")
    report(comment, a_member(bo))
    close(ReportOutcome.UPHELD, moderator, comment)
    accounts.disable(bo)
    db.session.commit()
    clock.shift(UNDO)
    deliver()
    assert mails.messages == []


def test_a_guest_with_a_proven_address_hears_that_it_stays_with_the_way_there(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account
) -> None:
    comment = make_comment()
    address = make_address("eva@example.com", proven=True)
    report(comment, Reporter(proven=frozenset({address.id})))
    close(ReportOutcome.DISMISSED, moderator, comment)
    clock.shift(UNDO)
    deliver()
    (message,) = mails.messages
    assert "stays as it is" in text_of(message)
    assert f"https://questions.example.org/comments/{comment.id}" in text_of(message)


def test_nobody_is_told_who_left_no_proven_address(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account
) -> None:
    comment = make_comment()
    report(comment, a_guest())
    report(comment, a_member(make_account(proven=False)))
    gone = make_account()
    report(comment, a_member(gone))
    gone.disabled_at = now()
    db.session.commit()
    close(ReportOutcome.DISMISSED, moderator, comment)
    clock.shift(UNDO)
    deliver()
    assert mails.messages == []


def test_one_mail_tells_of_all_reports_that_one_act_answered(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    comments = [make_comment(name=name) for name in ("Ann", "Ben", "Cid")]
    for comment in comments:
        report(comment, a_member(bo))
    close(ReportOutcome.DISMISSED, moderator, *comments)
    clock.shift(UNDO)
    deliver()
    (message,) = mails.messages
    assert all(name in text_of(message) for name in ("Ann", "Ben", "Cid"))


def test_decisions_that_follow_each_other_are_told_together_each_after_its_own_pause(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    first, second = make_comment(name="Ann"), make_comment(name="Ben")
    for comment in (first, second):
        report(comment, a_member(bo))
    close(ReportOutcome.DISMISSED, moderator, first)
    clock.shift(UNDO / 2)
    close(ReportOutcome.DISMISSED, moderator, second)
    clock.shift(UNDO / 2)
    deliver()
    assert mails.messages == []
    clock.shift(UNDO / 2)
    deliver()
    assert subjects(mails.messages) == ["What came of your reports"]


def test_undoing_calls_the_mail_off(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    comment = make_comment()
    report(comment, a_member(bo))
    at = close(ReportOutcome.UPHELD, moderator, comment)
    with unit_of_work():
        reports.reopen(comment.id, at)
    clock.shift(UNDO)
    deliver()
    assert mails.messages == []


def test_what_was_told_is_not_told_again_with_the_next(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    first, second = make_comment(name="Ann"), make_comment(name="Ben")
    for comment in (first, second):
        report(comment, a_member(bo))
        close(ReportOutcome.DISMISSED, moderator, comment)
        clock.shift(UNDO)
        deliver()
    assert ["Ann" in text_of(one) for one in mails.messages] == [True, False]
    assert ["Ben" in text_of(one) for one in mails.messages] == [False, True]


def test_who_wants_no_such_mail_gets_none(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account, bo: Account
) -> None:
    comment = make_comment()
    report(comment, a_member(bo))
    services.unsubscribe(bo.address_id, Topic.REPORTS)
    db.session.commit()
    close(ReportOutcome.DISMISSED, moderator, comment)
    clock.shift(UNDO)
    deliver()
    assert mails.messages == []


def test_the_desk_hears_of_a_text_that_readers_sent_back(
    mails: MailServer, deliver: Deliver, clock: Traveller, moderator: Account
) -> None:
    comment = make_comment()
    for _ in range(3):
        report(comment, a_member())
    clock.shift(timedelta(minutes=5))
    deliver()
    assert "tom@example.com" in [message["To"] for message in mails.messages]
