"""Acts on a whole list, from the form to the page that tells how far they came."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.moderation.bulk.batches import LOST_ROLE
from app.domains.moderation.models import Batch, DeskSection
from app.domains.moderation.states import BatchState
from app.infra import clock
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_tag
from tests.support.client import Browser

As = Callable[[Account], Browser]
Deliver = Callable[[], int]


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR))


def waiting(count: int) -> list[Comment]:
    article = make_article()
    return [make_comment(article=article, status=Status.PENDING) for _ in range(count)]


def states() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(db.select(Comment.status)))


def begin(desk: Browser, **fields: str) -> str:
    answer = desk.submit("/moderation/batches", **{"wish": "", "verb": "spam", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_a_whole_list_is_decided_watched_and_undone(desk: Browser, deliver: Deliver) -> None:
    waiting(3)
    page = begin(desk)
    assert "It is in line" in desk.get(page).text
    deliver()
    assert states() == {Status.SPAM}
    assert "Undo all of it" in desk.get(page).text

    undone = desk.submit(f"{page}/undo").headers["Location"]
    deliver()
    assert states() == {Status.PENDING}
    assert "Put back" in desk.get(undone).text


def test_a_filter_of_the_list_is_kept(desk: Browser, deliver: Deliver) -> None:
    first, second = waiting(1) + waiting(1)
    begin(desk, wish=f"article={first.article_id}")
    deliver()
    db.session.refresh(second)
    assert (states(), second.status) == ({Status.SPAM, Status.PENDING}, Status.PENDING)


def test_it_is_stopped_from_its_page(desk: Browser, deliver: Deliver) -> None:
    waiting(2)
    page = begin(desk)
    desk.submit(f"{page}/stop")
    deliver()
    assert states() == {Status.PENDING}
    assert "stopped it" in desk.get(page).text
    assert ">stopped<" in desk.get("/moderation/batches").text
    assert desk.submit(f"{page}/stop").status_code == 409


def test_why_it_stopped_is_said_and_a_sentence_from_before_stands(desk: Browser) -> None:
    waiting(1)
    page = begin(desk)
    for stored, shown in {LOST_ROLE: "at the desk no more.", "Ana did.": "Ana did."}.items():
        batch = db.session.scalars(db.select(Batch)).one()
        batch.state, batch.finished_at = BatchState.CANCELLED, clock.now()
        batch.wish = {**batch.wish, "stopped": stored}
        db.session.commit()
        assert shown in desk.get(page).text


def test_one_that_is_at_work_is_stopped_before_it_is_undone(desk: Browser) -> None:
    waiting(2)
    assert desk.submit(f"{begin(desk)}/undo").status_code == 409


def test_an_empty_list_is_refused_in_words(desk: Browser) -> None:
    answer = desk.submit("/moderation/batches", wish="", verb="spam")
    assert answer.status_code == 422
    assert "No text is in this list" in answer.text


def test_a_moderator_of_a_section_sees_their_own_alone(as_: As, desk: Browser) -> None:
    waiting(1)
    page = begin(desk)
    limited = make_account(Role.MODERATOR)
    db.session.add(DeskSection(account_id=limited.id, tag_id=make_tag().id))
    db.session.commit()
    browser = as_(limited)
    assert browser.get(page).status_code == 404
    assert browser.submit(f"{page}/stop").status_code == 404
    assert "Nobody has acted" in browser.get("/moderation/batches").text
