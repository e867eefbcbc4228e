"""A text is let in, answered, replied to or refused: who hears of it, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from time_machine import Traveller

from app.domains.accounts import services as accounts
from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import moving
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind
from app.domains.moderation import upkeep
from app.domains.moderation.services import Verb
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_address, make_article, make_comment, make_question
from tests.notifications.steps import (
    ask,
    asked_and_approved,
    decide,
    link_below,
    prove,
    subject_of,
    subjects,
    undo,
)
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]
UNDO = timedelta(seconds=30)
INES = "ines@example.com"


def _later(deliver: Deliver, mails: MailServer, clock: Traveller) -> None:
    """Past the time to undo, everything due delivered; what came before is forgotten."""
    deliver()
    mails.clear()
    clock.shift(UNDO)
    deliver()


def test_an_asker_hears_of_the_approval_when_it_can_no_more_be_undone(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    question = ask(make_article())
    decide(question, Verb.APPROVE, make_account(Role.MODERATOR))
    deliver()
    assert mails.messages == []

    clock.shift(UNDO)
    deliver()
    (mail,) = mails.to(INES)
    assert subject_of(mail) == f"Your question is published: {question.title}"
    assert link_below(mail, "/questions/").endswith(
        f"/questions/{question.id}-why-does-my-hip-click-when-i-swing-the-leg"
    )


def test_an_approval_undone_in_time_is_told_to_nobody(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR)
    undo(decide(ask(make_article()), Verb.APPROVE, moderator), moderator)

    clock.shift(timedelta(minutes=1))
    deliver()

    assert [mail for mail in mails.to(INES) if "published" in subject_of(mail)] == []


def test_an_approval_after_an_undone_one_is_told(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR)
    question = ask(make_article())
    undo(decide(question, Verb.APPROVE, moderator), moderator)
    _later(deliver, mails, clock)
    decide(question, Verb.APPROVE, moderator)

    _later(deliver, mails, clock)

    assert len(mails.to(INES)) == 1


def test_a_text_approved_twice_is_told_once(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR)
    question = asked_and_approved(make_article(), moderator)
    _later(deliver, mails, clock)
    assert len(mails.to(INES)) == 1

    decide(question, Verb.HOLD, moderator)
    clock.shift(timedelta(hours=1))
    decide(question, Verb.APPROVE, moderator)
    _later(deliver, mails, clock)
    assert mails.to(INES) == []


def test_an_asker_hears_the_answer_although_the_address_is_not_proven(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article("Hips that click")
    question = asked_and_approved(article, make_account(Role.MODERATOR))
    _later(deliver, mails, clock)
    ask(
        article,
        "A tendon rolls. **Let it be.**",
        account=article.author,
        parent=question,
        kind=None,
    )

    _later(deliver, mails, clock)

    (mail,) = mails.to(INES)
    assert subject_of(mail) == f"{article.author.name} answered: {question.title}"
    assert "A tendon rolls. Let it be." in text_of(mail)
    assert link_below(mail, f"/questions/{question.id}-")


def test_an_answer_below_a_readers_reply_is_told_to_asker_and_reader_once_each(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    reply = ask(
        article,
        "Mine too.",
        name="Tom",
        email="tom@example.com",
        parent=question,
        kind=Kind.COMMENT,
    )
    decide(reply, Verb.APPROVE, moderator)
    _later(deliver, mails, clock)
    ask(article, "Both are tendons.", account=article.author, parent=reply, kind=Kind.COMMENT)

    _later(deliver, mails, clock)

    assert [mail["To"] for mail in mails.messages] == [INES, "tom@example.com"]
    assert subjects(mails.to("tom@example.com"))[0].startswith(
        f"{article.author.name} replied to you"
    )


def test_nobody_is_told_what_they_wrote_themselves(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    prove(question.address)
    own = ask(article, "I mean the left one.", name="Ines Falk", parent=question, kind=Kind.COMMENT)
    decide(own, Verb.APPROVE, moderator)

    _later(deliver, mails, clock)

    assert not [one for one in subjects(mails.to(INES)) if "replied" in one]


def test_a_readers_reply_is_told_to_a_proven_address(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article()
    above = make_comment("Mine clicks.", article=article, address=make_address(INES, proven=True))
    reply = ask(article, "Mine too.", name="Tom", email="tom@example.com", parent=above, kind=None)
    decide(reply, Verb.APPROVE, make_account(Role.MODERATOR))

    _later(deliver, mails, clock)

    (mail,) = mails.to(INES)
    assert subject_of(mail).startswith("Tom replied to you")
    assert link_below(mail, "/comments/").endswith(f"/comments/{reply.id}#comment-{reply.id}")


def test_s15_a_readers_reply_is_not_told_to_an_address_that_was_only_typed(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    _later(deliver, mails, clock)
    reply = ask(
        article, "Mine too.", name="Tom", email="tom@example.com", parent=question, kind=None
    )
    decide(reply, Verb.APPROVE, moderator)

    _later(deliver, mails, clock)

    assert mails.to(INES) == []


def test_s15_an_account_that_a_stranger_made_with_a_proven_address_is_not_proven_by_it(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    stranger = make_account(email=INES, proven=True)
    stranger.proven_at = None  # the address was proven, by its owner, and not the account
    above = make_comment("Mine clicks.", account=stranger)
    reply = ask(
        above.article, "Mine too.", name="Tom", email="tom@example.com", parent=above, kind=None
    )
    decide(reply, Verb.APPROVE, make_account(Role.MODERATOR))

    _later(deliver, mails, clock)

    assert mails.to(INES) == []


def test_s15_writers_brought_in_from_another_site_are_not_mailed_unless_proven(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article = make_article()
    old = make_question(article=article, address=make_address("2012@example.com"))
    ask(article, "Late, but: a tendon.", account=article.author, parent=old, kind=None)

    _later(deliver, mails, clock)

    assert mails.messages == []


def test_s15_approvals_and_answers_share_the_five_mails_of_an_unproven_address(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    for number in range(4):
        question = ask(article, f"Why does hip {number} click?")
        deliver()
        decide(question, Verb.APPROVE, moderator)
        clock.shift(UNDO)
        deliver()

    assert len(mails.to(INES)) == 5


def test_an_answer_taken_away_in_time_is_told_to_nobody(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    _later(deliver, mails, clock)
    answer = ask(article, "A tendon.", account=article.author, parent=question, kind=None)
    decide(answer, Verb.DELETE, moderator)

    _later(deliver, mails, clock)

    assert mails.messages == []


def test_an_answer_to_a_question_that_is_hidden_meanwhile_is_not_told(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    _later(deliver, mails, clock)
    ask(article, "A tendon.", account=article.author, parent=question, kind=None)
    decide(question, Verb.SPAM, moderator)

    _later(deliver, mails, clock)

    assert mails.messages == []


def test_an_answer_that_was_moved_away_meanwhile_is_not_told(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, moderator = make_article(), make_account(Role.MODERATOR)
    question = asked_and_approved(article, moderator)
    _later(deliver, mails, clock)
    answer = ask(article, "A tendon.", account=article.author, parent=question, kind=None)
    answer_id, by_id = answer.id, moderator.id
    with unit_of_work():
        moved, by = db.session.get_one(Comment, answer_id), db.session.get_one(Account, by_id)
        moving.move_branch(moved, below=None, article=moved.article, by=by, version=moved.version)

    _later(deliver, mails, clock)

    assert mails.messages == []


def test_a_rejection_is_told_with_its_reason(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    comment = ask(make_article("Hips that click"))
    decide(comment, Verb.REJECT, make_account(Role.MODERATOR), reason="Off the subject", tell=True)

    _later(deliver, mails, clock)

    (mail,) = mails.to(INES)
    assert subject_of(mail) == "Your question was not published: Hips that click"
    assert "Off the subject" in text_of(mail)


def test_a_rejection_undone_and_made_again_in_silence_is_not_told(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    moderator = make_account(Role.MODERATOR)
    comment = ask(make_article())
    undo(decide(comment, Verb.REJECT, moderator, reason="Not kind", tell=True), moderator)
    clock.shift(1)
    decide(comment, Verb.REJECT, moderator, reason="Not kind")

    _later(deliver, mails, clock)

    assert mails.messages == []


def test_a_disabled_account_gets_no_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    article, reader = make_article(), make_account(email=INES)
    reader_id = reader.id
    asked_and_approved(article, make_account(Role.MODERATOR), account=reader)
    with unit_of_work():
        accounts.disable(db.session.get_one(Account, reader_id))

    clock.shift(UNDO)
    deliver()

    assert mails.messages == []


def test_an_author_gets_the_open_questions_in_one_mail(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    author = make_account(Role.AUTHOR, email="author@example.com")
    article, moderator = make_article(author=author), make_account(Role.MODERATOR)
    first = asked_and_approved(article, moderator)
    asked_and_approved(article, moderator, text="Why does my knee click?", email="tom@example.com")

    clock.shift(timedelta(minutes=10))
    deliver()

    (mail,) = [one for one in mails.to("author@example.com") if "answer" in subject_of(one)]
    assert subject_of(mail) == "2 questions wait for your answer"
    assert link_below(mail, f"/questions/{first.id}-")
    assert link_below(mail, "/author/")


def test_an_author_who_answered_already_is_not_reminded(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    author = make_account(Role.AUTHOR, email="author@example.com")
    article = make_article(author=author)
    question = asked_and_approved(article, make_account(Role.MODERATOR))
    ask(article, "A tendon.", account=author, parent=question, kind=None)

    clock.shift(timedelta(minutes=10))
    deliver()

    assert mails.to("author@example.com") == []


def test_a_text_first_published_before_anybody_remembers_is_not_told_again(
    app: Flask, mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    """Done jobs are forgotten after 90 days, and with them that its approval was told."""
    moderator = make_account(Role.MODERATOR)
    question = asked_and_approved(make_article(), moderator)
    deliver()
    clock.shift(timedelta(days=91))
    _later(deliver, mails, clock)
    decide(question, Verb.HOLD, moderator)
    assert upkeep.forget_old()["jobs done"] > 0

    decide(question, Verb.APPROVE, moderator)
    _later(deliver, mails, clock)

    assert mails.to(INES) == []
