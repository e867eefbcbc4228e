"""The desk's button for an answer that still holds."""

from __future__ import annotations

from collections.abc import Callable

from app.domains.accounts.models import Account
from app.domains.comments.models import Comment
from app.infra.clock import now
from app.infra.db import db
from tests.factories import make_account, make_answer, make_question
from tests.support.client import Browser

As = Callable[[Account], Browser]


def marked() -> Comment:
    answer = make_answer(make_question())
    answer.recheck_at, answer.recheck_reason = now(), "“Leg swings” was changed."
    db.session.commit()
    return answer


def test_the_item_says_why_it_is_to_be_looked_at_and_takes_the_answer(as_: As) -> None:
    answer, desk = marked(), as_(make_account("moderator"))
    page = desk.get(f"/moderation/{answer.id}").text
    assert "“<bdi>Leg swings</bdi>” was changed." in page
    assert f"/moderation/{answer.id}/still-right" in page
    assert desk.submit(f"/moderation/{answer.id}/still-right").status_code == 303
    assert db.session.get_one(Comment, answer.id).recheck_at is None


def test_the_second_of_two_moderators_reads_that_it_is_done(as_: As) -> None:
    answer, desk = marked(), as_(make_account("moderator"))
    path = f"/moderation/{answer.id}/still-right"
    assert [desk.submit(path).status_code for _ in range(2)] == [303, 409]


def test_it_can_be_undone_from_the_bar(as_: As) -> None:
    answer, desk = marked(), as_(make_account("moderator"))
    asked = {"csrf_token": desk.csrf_token()}
    done = desk.post(
        f"/moderation/{answer.id}/still-right", data=asked, headers={"Accept": "application/json"}
    )
    (entry,) = done.json["undo"]
    assert desk.submit("/moderation/undo", entry=str(entry)).status_code == 303
    assert db.session.get_one(Comment, answer.id).recheck_at is not None
