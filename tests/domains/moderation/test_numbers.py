"""The desk in numbers: what is counted, and what is not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.acts import undoing
from app.domains.moderation.figures import numbers, spam_numbers
from app.domains.moderation.figures.numbers import Window
from app.domains.moderation.services import Decision, Verb, decide
from app.infra import clock as infra_clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_answer, make_article, make_comment, make_question

pytestmark = pytest.mark.usefixtures("app", "clock")
MONTH = Window(30)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 3, 3)
THIS_WEEK = date(2026, 3, 2)


def ago(span: timedelta) -> datetime:
    return infra_clock.now() - span


@pytest.fixture
def ruth(app: object) -> Account:
    return make_account(Role.MODERATOR, name="Ruth")


@pytest.fixture
def article(app: object) -> Article:
    return make_article()


def verdict(comment: Comment, verb: Verb, by: Account, reason: str = "") -> AuditEntry:
    comment_id, by_id = comment.id, by.id
    with unit_of_work():
        comment = db.session.get_one(Comment, comment_id)
        decision = Decision(verb, db.session.get_one(Account, by_id), reason=reason)
        entry_id = decide(comment, decision, version=comment.version).id
    return db.session.get_one(AuditEntry, entry_id)


def undo(entry: AuditEntry, by: Account) -> None:
    entry_id, by_id = entry.id, by.id
    with unit_of_work():
        undoing.undo(
            db.session.get_one(AuditEntry, entry_id), by=db.session.get_one(Account, by_id)
        )


def waits(article: Article, span: timedelta) -> Comment:
    return make_comment(article=article, status=Status.PENDING, created_at=ago(span))


def test_what_waits_now_is_counted_by_list_with_its_oldest(article: Article, ruth: Account) -> None:
    waits(article, HOUR)
    oldest = waits(article, 5 * HOUR)
    held = waits(article, 9 * HOUR)
    held.held_for_id = ruth.id
    reported = make_comment(article=article, reported_at=ago(2 * HOUR))
    make_comment(article=article, status=Status.SPAM, reported_at=ago(2 * HOUR))
    db.session.commit()
    found = {one.name: (one.count, one.since) for one in numbers.waiting_now()}
    assert found == {
        "waiting": (2, oldest.created_at),
        "held": (1, held.created_at),
        "reported": (1, reported.reported_at),
        "recheck": (0, None),
    }


def test_a_day_has_what_came_in_on_it_by_what_it_is_now(article: Article) -> None:
    for status in (*Status, Status.APPROVED):
        make_comment(article=article, status=status)
    make_comment(article=article, created_at=ago(2 * DAY))
    make_comment(article=article, created_at=ago(30 * DAY))
    days = numbers.by_day(MONTH)
    assert list(days) == list(MONTH.all_days)
    assert len(days) == 30
    assert days[TODAY] == {
        "let in": 2,
        "refused": 1,
        "spam": 1,
        "taken away": 2,
        "waiting": 1,
    }
    assert days[TODAY - 2 * DAY].total() == 1
    assert sum(day.total() for day in days.values()) == 8


def test_a_day_begins_and_ends_in_utc(article: Article) -> None:
    make_comment(article=article, created_at=datetime.fromisoformat("2026-03-02T00:30:00+01:00"))
    assert numbers.by_day(MONTH)[date(2026, 3, 1)].total() == 1


def test_the_time_to_a_decision_is_that_of_the_first_verdict(
    article: Article, ruth: Account, clock: time_machine.Traveller
) -> None:
    comment = waits(article, 3 * HOUR)
    verdict(comment, Verb.APPROVE, ruth)
    clock.shift(HOUR)
    verdict(comment, Verb.HOLD, ruth)
    verdict(comment, Verb.REJECT, ruth)
    verdict(waits(article, HOUR), Verb.SPAM, ruth)
    times = numbers.times_to_decision(MONTH)
    assert sorted(time for _, time in times) == [HOUR, 3 * HOUR]
    found = numbers.delay_of(times)
    assert found is not None
    assert (found.count, found.median, found.p90) == (2, HOUR, 3 * HOUR)
    assert numbers.delays_by_week(MONTH, times)[THIS_WEEK] == found


def test_only_the_newest_verdicts_are_looked_at(
    article: Article, ruth: Account, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "SAMPLE", 2)
    for hours in (9, 2, 1):
        verdict(waits(article, hours * HOUR), Verb.APPROVE, ruth)
        clock.shift(1)
    assert sorted(time for _, time in numbers.times_to_decision(MONTH)) == [HOUR, 2 * HOUR]


def test_what_was_decided_before_the_days_is_not_of_them(
    article: Article, ruth: Account, clock: time_machine.Traveller
) -> None:
    verdict(waits(article, HOUR), Verb.REJECT, ruth, "Advertising")
    clock.shift(31 * DAY)
    assert numbers.times_to_decision(MONTH) == []
    assert numbers.load(MONTH) == []
    assert numbers.reasons(MONTH) == []


def test_the_time_to_an_answer_is_that_of_the_authors_first(article: Article) -> None:
    question = make_question(article=article, created_at=ago(50 * HOUR))
    for hours in (40, 10):
        make_answer(question).created_at = ago(hours * HOUR)
    for answer in db.session.query(Comment).filter_by(by_author=True):
        answer.published_at = answer.created_at
    make_comment(parent=question, created_at=ago(49 * HOUR))
    make_question(article=article)
    db.session.commit()
    found = numbers.time_to_answer(MONTH)
    assert found is not None
    assert (found.count, found.median) == (1, 10 * HOUR)


def test_reasons_are_counted_most_often_first(article: Article, ruth: Account) -> None:
    for reason in ("Rude", "Off the subject", "Off the subject"):
        verdict(waits(article, HOUR), Verb.REJECT, ruth, reason)
    undo(verdict(waits(article, HOUR), Verb.REJECT, ruth, "Rude"), ruth)
    assert numbers.reasons(MONTH) == [("Off the subject", 2), ("Rude", 1)]


def test_the_load_is_told_by_person_and_week(
    article: Article, ruth: Account, clock: time_machine.Traveller
) -> None:
    tomasz = make_account(Role.MODERATOR, name="Tomasz")
    verdict(waits(article, HOUR), Verb.APPROVE, tomasz)
    for _ in range(2):
        verdict(waits(article, HOUR), Verb.APPROVE, ruth)
        clock.shift(7 * DAY)
    found = [(one.name, one.total, dict(one.by_week)) for one in numbers.load(MONTH)]
    assert found == [
        ("Ruth", 2, {THIS_WEEK: 1, THIS_WEEK + 7 * DAY: 1}),
        ("Tomasz", 1, {THIS_WEEK: 1}),
    ]


def test_spam_that_was_published_first_was_let_through_and_other_spam_caught(
    article: Article, ruth: Account
) -> None:
    make_comment(article=article, status=Status.SPAM)
    verdict(waits(article, HOUR), Verb.SPAM, ruth)
    verdict(make_comment(article=article), Verb.SPAM, ruth)
    found = spam_numbers.spam(MONTH)
    assert found.caught == {THIS_WEEK: 2}
    assert found.let_through == {THIS_WEEK: 1}
    assert not any(found.by_mistake.values())


def test_spam_deleted_from_its_lane_stays_caught(article: Article, ruth: Account) -> None:
    verdict(make_comment(article=article, status=Status.SPAM), Verb.DELETE, ruth)
    verdict(waits(article, HOUR), Verb.DELETE, ruth)
    assert spam_numbers.spam(MONTH).caught == {THIS_WEEK: 1}


def test_what_was_undone_was_not_let_through_nor_a_mistake(article: Article, ruth: Account) -> None:
    undo(verdict(make_comment(article=article), Verb.SPAM, ruth), ruth)
    undo(verdict(make_comment(article=article, status=Status.SPAM), Verb.APPROVE, ruth), ruth)
    verdict(make_comment(article=article, status=Status.SPAM), Verb.APPROVE, ruth)
    found = spam_numbers.spam(MONTH)
    assert sum(found.let_through.values()) == 0
    assert found.by_mistake == {THIS_WEEK: 1}


def test_the_weeks_of_a_window_are_its_mondays() -> None:
    assert MONTH.weeks == tuple(THIS_WEEK - back * 7 * DAY for back in (4, 3, 2, 1, 0))
