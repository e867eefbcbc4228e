"""What the model says at the door."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments import services as comments
from app.domains.comments.drafts import Draft, Writer
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation.services import Verb
from app.infra.db import db
from tests.domains.screening.lessons import GOOD, SPAM, decide, teach_enough, undo, waiting
from tests.factories import make_account, make_article, make_comment
from tests.support.client import Browser

pytestmark = pytest.mark.usefixtures("app")
NO_LINK = "Check out my channel and subscribe !!"


def send(text: str, account: Account | None = None, email: str = "bo@example.com") -> Comment:
    proven = frozenset({account.address_id}) if account and account.address_id else frozenset()
    draft = Draft(source=text, kind=Kind.COMMENT, name="Bo", email=email)
    comment = comments.submit(make_article(), None, draft, Writer(account, proven))
    db.session.commit()
    return comment


def trusted() -> Account:
    account = make_account()
    for number in range(2):
        make_comment(f"Thank you {number}", account=account)
    return account


def reasons(comment: Comment) -> dict[str, str]:
    return {reason["name"]: reason["sentence"] for reason in comment.verdict["reasons"]}


def test_a_blank_model_is_silent() -> None:
    decide(waiting(SPAM)[0], Verb.SPAM)
    assert "looks like spam" not in reasons(send(SPAM))
    assert send(NO_LINK, trusted()).status == Status.APPROVED


def test_what_reads_like_spam_waits_and_the_words_are_named() -> None:
    teach_enough()
    comment = send(SPAM)
    assert comment.status == Status.PENDING
    assert "channel" in reasons(comment)["looks like spam"]


def test_a_trusted_writers_text_waits_only_where_it_surely_reads_like_spam() -> None:
    teach_enough()
    writer = trusted()
    assert send(NO_LINK, writer).status == Status.PENDING
    assert send(GOOD, writer).status == Status.APPROVED


def test_a_strangers_good_text_is_not_let_in_by_the_model() -> None:
    teach_enough()
    assert send(GOOD).status == Status.PENDING


def test_staff_pass_whatever_they_write() -> None:
    teach_enough()
    comment = send(NO_LINK, make_account(Role.MODERATOR))
    assert comment.status == Status.APPROVED
    assert list(reasons(comment)) == ["staff"]


def test_undoing_the_tenth_lesson_silences_it_again() -> None:
    teach_enough()
    (extra,) = waiting("An eleventh good text")
    undo(decide(extra, Verb.APPROVE))
    assert "looks like spam" in reasons(send(SPAM))
    approved = db.session.query(Comment).filter_by(status=Status.APPROVED).first()
    assert approved is not None
    decide(approved, Verb.HOLD)
    assert "looks like spam" not in reasons(send(SPAM, email="eve@example.com"))


def test_the_desk_shows_the_words_that_speak(as_: Callable[[Account], Browser]) -> None:
    teach_enough()
    comment = send(SPAM)
    page = as_(make_account(Role.MODERATOR)).get(f"/moderation/{comment.id}").text
    assert "It reads like earlier spam" in page
    assert "“<bdi>check out</bdi>” +" in page
