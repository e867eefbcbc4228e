"""What a colleague and a writer hear of what is done at the desk beside the verdicts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from time_machine import Traveller

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation import reasons
from app.domains.moderation.queue import holding
from app.domains.moderation.services import Verb
from app.infra import clock as infra_clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_article, make_comment
from tests.notifications.steps import ask, decide, subject_of, undo
from tests.support.smtp import MailServer, text_of

Deliver = Callable[[], int]
INES = "ines@example.com"


def later(deliver: Deliver, clock: Traveller, mails: MailServer) -> None:
    """The thirty seconds of the bar are over. What was mailed before is forgotten."""
    deliver()
    mails.clear()
    clock.shift(timedelta(seconds=31))
    deliver()


def hold(comment: Comment, colleague: Account, by: Account, note: str = "") -> None:
    ids = comment.id, colleague.id, by.id
    with unit_of_work():
        held = db.session.get_one(Comment, ids[0])
        people = [db.session.get_one(Account, one) for one in ids[1:]]
        holding.hold_for(held, people[0], note, by=people[1], version=held.version)


def explain(comment: Comment, by: Account, reason: str, *, tell: bool) -> None:
    ids = comment.id, by.id
    with unit_of_work():
        text = db.session.get_one(Comment, ids[0])
        moderator = db.session.get_one(Account, ids[1])
        reasons.give(text, reason, tell=tell, by=moderator, version=text.version)


def test_the_colleague_is_told_once_with_the_note(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    ruth = make_account(Role.MODERATOR, email="ruth@example.com")
    comment = make_comment("My hip!", name="Bo", status=Status.PENDING)
    hold(comment, ruth, make_account(Role.MODERATOR, name="Tomasz"), "You know hips.")
    later(deliver, clock, mails)
    (mail,) = mails.to("ruth@example.com")
    assert subject_of(mail) == "Tomasz held a text for you"
    assert "You know hips." in text_of(mail)
    assert f"/moderation/{comment.id}" in text_of(mail)


def test_a_text_decided_meanwhile_is_told_to_no_colleague(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    ruth, by = make_account(Role.MODERATOR, email="ruth@example.com"), make_account(Role.MODERATOR)
    comment = make_comment(status=Status.PENDING)
    hold(comment, ruth, by)
    decide(comment, Verb.SPAM, by)
    later(deliver, clock, mails)
    assert mails.to("ruth@example.com") == []


def test_a_reason_given_after_the_act_is_told(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    by = make_account(Role.MODERATOR)
    comment = ask(make_article())
    decide(comment, Verb.REJECT, by)
    later(deliver, clock, mails)
    assert mails.to(INES) == []
    explain(comment, by, "Advertising", tell=True)
    later(deliver, clock, mails)
    (mail,) = mails.to(INES)
    assert "It advertises something." in text_of(mail)


def test_a_writer_hears_of_one_rejection_once(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    by = make_account(Role.MODERATOR)
    comment = ask(make_article())
    decide(comment, Verb.REJECT, by, reason="Advertising", tell=True)
    explain(comment, by, "Too long", tell=True)
    later(deliver, clock, mails)
    (mail,) = mails.to(INES)
    assert "Too long" in text_of(mail)
    explain(comment, by, "Too short", tell=True)
    later(deliver, clock, mails)
    assert mails.messages == []


def test_a_rejection_without_a_reason_says_that_none_was_given(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    comment = ask(make_article())
    decide(comment, Verb.REJECT, make_account(Role.MODERATOR), tell=True)
    later(deliver, clock, mails)
    (mail,) = mails.to(INES)
    assert "No reason was given." in text_of(mail)


def test_a_writer_reads_the_reason_in_the_language_of_their_account(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    comment = make_comment(status=Status.REJECTED, account=make_account(email=INES, language="de"))
    comment.decided_at = infra_clock.now()
    explain(comment, make_account(Role.MODERATOR), "Advertising", tell=True)
    later(deliver, clock, mails)
    (mail,) = mails.to(INES)
    assert "Er wirbt für etwas." in text_of(mail)
    html = mail.get_body(("html",))
    assert html is not None
    assert "Er wirbt für etwas." in html.get_content()


def test_an_approval_that_was_told_undone_and_made_again_is_told_once(
    mails: MailServer, deliver: Deliver, clock: Traveller
) -> None:
    by = make_account(Role.MODERATOR)
    comment = ask(make_article())
    entry = decide(comment, Verb.APPROVE, by)
    later(deliver, clock, mails)
    assert len(mails.to(INES)) == 1
    undo(entry, by)
    clock.shift(60)
    decide(comment, Verb.APPROVE, by)
    later(deliver, clock, mails)
    assert mails.to(INES) == []
