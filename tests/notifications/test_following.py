"""Followers of articles and questions: who is written to about what, and how often."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.domains.accounts import preferences
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import me_too
from app.domains.comments.me_too import Person
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation.services import Verb
from app.infra import site_language
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.unit_of_work import unit_of_work
from app.notifications.following import gathering, telling
from app.notifications.following.states import Often
from tests.factories import make_account, make_address, make_article, make_question
from tests.notifications.followers import BO, Deliver, Pass, follows, say
from tests.notifications.steps import ask, asked_and_approved, decide, subject_of, subjects, undo
from tests.support.smtp import MailServer, text_of


def test_whoever_follows_an_article_hears_of_what_is_published_under_it(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article("Clicking hips")
    follows(article)
    question = say(article, "Why does it click at night?", name="Ines")
    pass_time()
    (mail,) = mails.to(BO)
    assert subject_of(mail) == f"New: {question.title}"
    assert "Ines writes:" in text_of(mail)
    assert "Clicking hips" in text_of(mail)


def test_what_waits_is_told_to_nobody_and_told_when_it_is_let_in(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    follows(article)
    held = ask(article)
    pass_time()
    assert mails.to(BO) == []
    decide(held, Verb.APPROVE, make_account(Role.MODERATOR))
    pass_time()
    assert len(mails.to(BO)) == 1


def test_what_is_hidden_before_the_mail_goes_out_is_not_in_it(
    app: Flask, mails: MailServer, pass_time: Pass, clock: Traveller, deliver: Deliver
) -> None:
    article = make_article()
    follows(article)
    said = say(article)
    deliver()
    clock.shift(timedelta(seconds=40))
    deliver()  # it stands in a mail that gathers
    decide(said, Verb.SPAM, make_account(Role.MODERATOR))
    pass_time()
    assert mails.to(BO) == []


def test_a_text_let_in_twice_is_told_once(app: Flask, mails: MailServer, pass_time: Pass) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    follows(article)
    said = say(article)
    pass_time()
    undo(decide(said, Verb.SPAM, moderator), moderator)
    pass_time()
    assert len(mails.to(BO)) == 1


def test_a_decision_undone_in_time_and_taken_again_is_told(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    follows(article)
    asked = ask(article)
    undo(decide(asked, Verb.APPROVE, moderator), moderator)
    pass_time()
    assert mails.to(BO) == []
    decide(asked, Verb.APPROVE, moderator)
    pass_time()
    assert len(mails.to(BO)) == 1


def test_nobody_is_told_of_their_own_words(app: Flask, mails: MailServer, pass_time: Pass) -> None:
    article = make_article()
    follows(article, "ines@example.com")
    member = make_account(email="mara@example.com")
    follows(article, "mara@example.com")
    say(article, "Why does it click at night?")
    say(article, "Mine clicks in the morning and then no more.", account=member)
    pass_time()
    assert [s for s in subjects(mails.to("ines@example.com")) if s.startswith("New")] == [
        "New: Mine clicks in the morning and then no more."
    ]
    assert [s for s in subjects(mails.to("mara@example.com")) if s.startswith("New")] == [
        "New: Why does it click at night?"
    ]


def test_whoever_follows_a_question_hears_of_replies_to_it_and_of_no_other(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    question = make_question("Why does it click?", article=article)
    other = make_question("How long shall I rest?", article=article)
    follows(question)
    say(article, "It is the tendon, they told me.", parent=question, kind=Kind.COMMENT)
    say(article, "Two weeks at the least.", parent=other, kind=Kind.COMMENT)
    pass_time()
    (mail,) = mails.to(BO)
    assert "It is the tendon" in text_of(mail)
    assert "Two weeks" not in text_of(mail)


def test_following_both_the_article_and_the_question_is_told_once(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    question = make_question(article=article)
    follows(question)
    follows(article)
    say(article, "It is the tendon, they told me.", parent=question, kind=Kind.COMMENT)
    pass_time()
    (mail,) = mails.to(BO)
    assert text_of(mail).count("It is the tendon") == 1


def test_an_asker_who_follows_hears_of_the_answer_in_one_mail(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    asker = make_address(BO, proven=True)
    question = make_question(address=asker)
    follows(question)
    author = db.session.get_one(Account, question.article.author_id)
    ask(question.article, "It is a tendon. Let it be.", account=author, parent=question)
    pass_time()
    assert len(mails.to(BO)) == 1


def test_whoever_has_the_question_too_and_follows_it_hears_in_one_mail(
    app: Flask, mails: MailServer, pass_time: Pass, clock: Traveller
) -> None:
    question = make_question()
    address = follows(question)
    with unit_of_work():
        me_too.say(db.session.get_one(Comment, question.id), Person(None, frozenset({address.id})))
    clock.shift(60)
    author = db.session.get_one(Account, question.article.author_id)
    ask(question.article, "It is a tendon. Let it be.", account=author, parent=question)
    pass_time()
    assert subjects(mails.to(BO)) == [f"Answered: {question.title}"]


def test_a_flood_is_one_mail_that_says_how_much_there_is(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    follows(article)
    for number in range(4):
        asked_and_approved(
            article, moderator, text=f"Why is side {number} stiff?", email=f"r{number}@example.org"
        )
    pass_time()
    assert subjects(mails.to(BO)) == [f"4 new texts: {article.title}"]


@pytest.mark.parametrize(
    ("often", "goes_out"),
    [(Often.DAILY, "2026-03-04T07:00:00+00:00"), (Often.WEEKLY, "2026-03-09T07:00:00+00:00")],
)
def test_a_day_or_a_week_is_one_mail_for_all_that_is_followed(
    app: Flask,
    mails: MailServer,
    pass_time: Pass,
    clock: Traveller,
    deliver: Deliver,
    often: Often,
    goes_out: str,
) -> None:
    """It goes out at seven in the morning, that of a week on a Monday."""
    first, second = make_article("Clicking hips"), make_article("Flat feet")
    for article in (first, second):
        follows(article, often=often)
    say(first, "Why does it click at night?")
    pass_time()
    say(second, "Are insoles of any use to me?")
    clock.move_to(datetime.fromisoformat(goes_out) - timedelta(seconds=1))
    pass_time(timedelta(0))
    assert mails.to(BO) == []
    clock.shift(1)
    deliver()
    (mail,) = mails.to(BO)
    assert subject_of(mail) == "2 new texts in what you follow"
    assert "New in “Clicking hips”" in text_of(mail)
    assert "New in “Flat feet”" in text_of(mail)


@pytest.mark.parametrize("whose", ["theirs", "the site's"])
def test_another_time_zone_moves_the_mail_that_waits(
    app: Flask, mails: MailServer, pass_time: Pass, clock: Traveller, deliver: Deliver, whose: str
) -> None:
    """In Tokyo it is seven in the morning nine hours sooner."""
    account, admin = make_account(email=BO), make_account(Role.ADMIN)
    article = make_article()
    follows(article, often=Often.DAILY)
    say(article)
    pass_time()
    with unit_of_work():
        if whose == "theirs":
            bo = db.session.get_one(Account, account.id)
            preferences.choose(bo, tag=None, zone="Asia/Tokyo", theme=None)
        else:
            seen = site_language.with_version().version
            site_language.change(tag="en", zone="Asia/Tokyo", seen=seen, by=admin)
            gathering.ask_to_retime()
    deliver()
    clock.move_to("2026-03-03T21:59:59+00:00")
    deliver()
    assert mails.to(BO) == []
    clock.shift(1)
    deliver()
    assert len(mails.to(BO)) == 1


def test_a_clock_that_goes_back_brings_no_second_mail_on_one_day(
    app: Flask, mails: MailServer, pass_time: Pass, clock: Traveller, deliver: Deliver
) -> None:
    article = make_article()
    follows(article, often=Often.DAILY)
    say(article, "Why does it click at night?")
    pass_time()
    clock.move_to("2026-03-04T07:00:00+00:00")
    deliver()
    clock.shift(-timedelta(hours=2))
    say(article, "Are insoles of any use to me?", email="ines@example.org")
    pass_time()
    clock.move_to("2026-03-05T06:59:59+00:00")
    deliver()
    assert len(mails.to(BO)) == 1
    clock.shift(1)
    deliver()
    assert [len(mails.to(BO)), subject_of(mails.to(BO)[-1])] == [
        2,
        "New: Are insoles of any use to me?",
    ]


def test_s15_whoever_gets_mails_all_day_gets_the_rest_in_one(
    app: Flask, mails: MailServer, pass_time: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "AT_ONCE_A_DAY", gathering.Limit(2, timedelta(days=1)))
    article = make_article()
    follows(article)
    for number in range(5):
        say(article, f"Why is side {number} stiff?", email=f"r{number}@example.org")
        pass_time()
    assert len(mails.to(BO)) == 2
    pass_time(timedelta(days=1))
    assert subjects(mails.to(BO))[2:] == [f"3 new texts: {article.title}"]


def test_no_job_is_written_where_nobody_follows(app: Flask, pass_time: Pass) -> None:
    say(make_article())
    pass_time()
    assert db.session.scalar(select(Job.id).where(Job.kind == telling.TELLING)) is None


def test_many_followers_are_told_in_parts(
    app: Flask, mails: MailServer, pass_time: Pass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    article = make_article()
    for number in range(5):
        follows(article, f"reader-{number}@example.org")
    say(article)
    pass_time()
    told = [str(mail["To"]) for mail in mails.messages if subject_of(mail).startswith("New:")]
    assert sorted(told) == [f"reader-{number}@example.org" for number in range(5)]


def test_telling_again_after_a_crash_doubles_nothing(
    app: Flask, mails: MailServer, pass_time: Pass
) -> None:
    article = make_article()
    follows(article)
    say(article)
    pass_time()
    done = db.session.scalars(select(Job).where(Job.kind == telling.TELLING)).one()
    telling.tell(done)
    pass_time()
    assert len(mails.to(BO)) == 1
