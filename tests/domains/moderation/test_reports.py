"""Reports by readers: who counts for how much, what hides a text, and how they are closed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from sqlalchemy import func, select

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.models import Report
from app.domains.moderation.reported import report_errors, reporting, reports
from app.domains.moderation.reported.reporting import Reporter
from app.domains.moderation.states import ReportOutcome
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.domains.moderation.reporters import a_guest, a_member, report
from tests.factories import make_account, make_address, make_comment
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]

pytestmark = pytest.mark.usefixtures("app")


def close(comment: Comment, outcome: ReportOutcome, by: Account) -> datetime | None:
    comment_id, by_id = comment.id, by.id
    with unit_of_work():
        return reports.close(
            db.session.get_one(Comment, comment_id), outcome, db.session.get_one(Account, by_id)
        )


def publish(comment: Comment) -> None:
    comment.status = Status.APPROVED
    db.session.commit()


def test_a_report_shows_on_the_desk_and_hides_nothing_yet() -> None:
    comment = make_comment()
    report(comment, a_member())
    assert comment.status == Status.APPROVED
    assert comment.report_weight == 2
    assert comment.reported_at is not None


def test_enough_readers_send_a_text_back() -> None:
    comment = make_comment()
    for _ in range(3):
        report(comment, a_member())
    assert comment.status == Status.PENDING
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "reports")).one()
    assert (entry.actor_id, entry.actor_name) == (None, "readers")
    assert entry.reason == "reported by 3 readers"


def test_a_text_that_was_sent_back_can_still_be_weighed() -> None:
    comment = make_comment()
    for _ in range(3):
        report(comment, a_member())
    close(comment, ReportOutcome.UPHELD, make_account("moderator"))
    assert (comment.report_weight, comment.reported_at) == (0, None)


def test_one_person_has_one_report_whatever_they_say_the_second_time() -> None:
    comment = make_comment()
    member = a_member()
    first = report(comment, member)
    second = report(comment, member, reason="spam")
    assert first.id == second.id
    assert second.reason == "unkind"
    assert comment.report_weight == 2


def test_a_guest_who_proves_an_address_later_is_the_same_person() -> None:
    comment = make_comment()
    guest = a_guest()
    report(comment, guest)
    address = make_address(proven=True)
    report(comment, Reporter(proven=frozenset({address.id}), browser=guest.browser))
    assert db.session.scalar(select(func.count(Report.id))) == 1


def test_a_proven_address_is_the_same_person_in_another_browser() -> None:
    comment = make_comment()
    proven = frozenset({make_address(proven=True).id})
    report(comment, Reporter(proven=proven, browser="one"))
    report(comment, Reporter(proven=proven, browser="two"))
    assert db.session.scalar(select(func.count(Report.id))) == 1


def test_what_staff_wrote_is_never_hidden_by_reports() -> None:
    author = make_account("author")
    comment = make_comment(account=author)
    for _ in range(9):
        report(comment, a_member())
    assert comment.status == Status.APPROVED
    assert comment.report_weight == 18


def test_a_text_that_a_moderator_let_stand_needs_more_the_next_time() -> None:
    comment = make_comment()
    for _ in range(3):
        report(comment, a_member())
    close(comment, ReportOutcome.DISMISSED, make_account("moderator"))
    publish(comment)
    for _ in range(5):
        report(comment, a_member())
    assert comment.status == Status.APPROVED
    report(comment, a_member())
    assert comment.status == Status.PENDING


def test_who_was_told_that_it_stands_cannot_report_it_again() -> None:
    comment = make_comment()
    member = a_member()
    report(comment, member)
    close(comment, ReportOutcome.DISMISSED, make_account("moderator"))
    with pytest.raises(report_errors.ReportedBefore):
        report(comment, member)


def test_who_was_wrong_counts_less_from_then_on() -> None:
    member, moderator = a_member(), make_account("moderator")
    weights = []
    for _ in range(3):
        comment = make_comment()
        weights.append(report(comment, member).weight)
        close(comment, ReportOutcome.DISMISSED, moderator)
    assert weights == [2, 1, 0]


def test_who_was_right_counts_more() -> None:
    member, moderator = a_member(), make_account("moderator")
    for _ in range(2):
        comment = make_comment()
        report(comment, member)
        close(comment, ReportOutcome.UPHELD, moderator)
    assert report(make_comment(), member).weight == 3


def test_a_fresh_browser_gains_nothing_by_its_record() -> None:
    guest, moderator = a_guest(), make_account("moderator")
    for _ in range(2):
        comment = make_comment()
        report(comment, guest)
        close(comment, ReportOutcome.UPHELD, moderator)
    assert report(make_comment(), guest).weight == 1


def test_nobody_reports_their_own_text() -> None:
    member, address = make_account(), make_address(proven=True)
    theirs = [
        (make_comment(account=member), Reporter(member)),
        (make_comment(address=address), Reporter(proven=frozenset({address.id}))),
    ]
    sent = make_comment()
    theirs.append((sent, Reporter(browser="here", sent=frozenset({sent.id}))))
    for comment, reporter in theirs:
        with pytest.raises(report_errors.OwnText):
            report(comment, reporter)


def test_a_reason_must_be_one_of_the_list() -> None:
    with pytest.raises(report_errors.UnknownReason):
        report(make_comment(), a_guest(), reason="boring")


def test_something_else_must_be_said_in_words() -> None:
    comment = make_comment()
    with pytest.raises(report_errors.WordsNeeded):
        report(comment, a_guest(), reason="other")
    assert report(comment, a_guest(), reason="other", words="A doctor's name.").words


def test_closing_answers_all_open_reports_and_puts_it_on_record() -> None:
    comment, moderator = make_comment(), make_account("moderator")
    report(comment, a_member())
    report(comment, a_guest())
    at = close(comment, ReportOutcome.UPHELD, moderator)
    found = db.session.execute(select(Report.outcome, Report.decided_at)).all()
    assert [tuple(row) for row in found] == [("upheld", at)] * 2
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "close reports")).one()
    assert (entry.actor_id, entry.detail["count"]) == (moderator.id, 2)


def test_closing_what_nobody_reported_is_nothing() -> None:
    assert close(make_comment(), ReportOutcome.UPHELD, make_account("moderator")) is None
    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_reopening_brings_back_those_that_this_decision_closed_and_no_others() -> None:
    comment, moderator = make_comment(), make_account("moderator")
    report(comment, a_member())
    close(comment, ReportOutcome.DISMISSED, moderator)
    report(comment, a_guest())
    at = close(comment, ReportOutcome.UPHELD, moderator)
    assert at is not None
    with unit_of_work():
        assert reports.reopen(comment.id, at) == 1
    assert (comment.report_weight, comment.reported_at is not None) == (1, True)


def test_the_desk_reads_the_open_reports_of_many_texts_at_once() -> None:
    first, second, closed = make_comment(), make_comment(), make_comment()
    report(first, a_member(make_account(name="Ann")))
    report(first, a_guest(), reason="other", words="Look.")
    report(second, a_guest(), reason="spam")
    report(closed, a_guest())
    close(closed, ReportOutcome.DISMISSED, make_account("moderator"))
    found = reporting.open_about([first, second, closed])
    assert {
        key: [(one.name, one.reason, one.words, one.weight) for one in told]
        for key, told in found.items()
    } == {
        first.id: [("Ann", "Unkind to a person", "", 2), (None, "Something else", "Look.", 1)],
        second.id: [(None, "Advertising or spam", "", 1)],
    }


def test_open_reports_come_with_their_members_in_one_query(count_queries: Counting) -> None:
    comment = make_comment()
    for _ in range(4):
        report(comment, a_member())
    assert comment.reported_at is not None  # read before counting
    with count_queries() as counted:
        assert len(reporting.open_about([comment])[comment.id]) == 4
    assert counted.total == 2  # the reports with their members, and the site's reasons
