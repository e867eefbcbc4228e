"""The author's page of what has to be looked at again."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.answers import rechecking
from app.domains.answers import services as cards
from app.domains.answers.errors import CheckStands
from app.domains.answers.models import AnswerCard
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.clock import now
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account, make_answer, make_article, make_card, make_question
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[[Account], Browser]
Counting = Callable[[], AbstractContextManager[Counted]]
WHY = "“Leg swings” was changed."
SHOWN = "“<bdi>Leg swings</bdi>” was changed."


def marked_card(title: str = "Why it clicks") -> AnswerCard:
    return make_card(title, recheck_at=now(), recheck_reason=WHY)


def marked_answer(author: Account, text: str = "It is a tendon.", **columns: str) -> Comment:
    answer = make_answer(make_question(article=make_article(author=author)), text)
    answer.recheck_at, answer.recheck_reason = now(), WHY
    for name, value in columns.items():
        setattr(answer, name, value)
    db.session.commit()
    return answer


def test_it_lists_cards_and_answers_with_the_reason(as_: As) -> None:
    author = make_account("author")
    marked_card()
    answer = marked_answer(author)
    page = as_(author).get("/author/recheck").text
    assert page.count(SHOWN) == 2
    assert "1 answer card" in page
    assert "Why it clicks" in page
    assert f"/moderation/{answer.id}" in page


def test_an_empty_page_says_what_would_come_here(as_: As) -> None:
    page = as_(make_account("author")).get("/author/recheck").text
    assert "Nothing has to be looked at again." in page


def test_answers_under_others_articles_are_an_admins_to_see(as_: As) -> None:
    marked_answer(make_account("author"), "Under another one.")
    assert "Under another one." not in as_(make_account("author")).get("/author/recheck").text
    assert "Under another one." in as_(make_account("admin")).get("/author/recheck").text


def test_v03_an_answer_that_was_taken_away_is_not_listed(as_: As) -> None:
    author = make_account("author")
    marked_answer(author, "Taken away.", status=Status.DELETED)
    assert "Taken away." not in as_(author).get("/author/recheck").text


def test_its_length_costs_no_queries(as_: As, count_queries: Counting) -> None:
    author = make_account("author")
    browser = as_(author)
    marked_card("0")
    marked_answer(author)
    browser.get("/author/recheck")
    with count_queries() as one:
        browser.get("/author/recheck")
    for number in range(1, 8):
        marked_card(str(number))
        marked_answer(author)
    with count_queries() as eight:
        browser.get("/author/recheck")
    assert eight.total == one.total <= 12, eight


def test_a_card_that_is_still_right_leaves_the_page(as_: As) -> None:
    browser, card = as_(make_account("author")), marked_card()
    path = f"/author/recheck/cards/{card.id}"
    assert browser.submit(path).status_code == 303
    assert SHOWN not in browser.get("/author/recheck").text
    assert browser.submit(path).status_code == 409
    assert browser.submit("/author/recheck/cards/999999").status_code == 404


def test_an_answer_that_is_still_right_leaves_the_page_and_the_desk(as_: As) -> None:
    author = make_account("author")
    browser, answer = as_(author), marked_answer(author)
    path = f"/author/recheck/answers/{answer.id}"
    assert browser.submit(path).status_code == 303
    assert SHOWN not in browser.get("/author/recheck").text
    assert SHOWN not in browser.get("/moderation/?lane=recheck").text
    assert browser.submit(path).status_code == 409
    assert browser.submit("/author/recheck/answers/999999").status_code == 404


def test_readers_see_nothing_of_it(client: Browser) -> None:
    author = make_account("author")
    card, answer = marked_card(), marked_answer(author)
    for path in (card.href, answer.parent.href, answer.article.href):
        page = client.get(path)
        assert page.status_code == 200
        assert SHOWN not in page.text


def undo_number(page: str) -> str:
    """The entry that the bar of a page offers to undo."""
    found = re.search(r'name="entry" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_saying_that_a_card_is_still_right_is_undone_from_the_bar(as_: As) -> None:
    card = marked_card()
    at, room = card.recheck_at, as_(make_account("author"))
    room.submit(f"/author/recheck/cards/{card.id}")
    page = room.get("/author/recheck").text
    assert "“Why it clicks” is still right." in page
    answer = room.submit("/moderation/undo", entry=undo_number(page), next="/author/recheck")
    assert answer.location == "/author/recheck"
    db.session.expire_all()
    assert (card.recheck_at, card.recheck_reason) == (at, WHY)
    assert "waits to be looked at again" in room.get("/author/recheck").text


def test_saying_that_an_answer_is_still_right_is_undone_from_the_bar(as_: As) -> None:
    author = make_account("author")
    answer, room = marked_answer(author), as_(author)
    room.submit(f"/author/recheck/answers/{answer.id}")
    number = undo_number(room.get("/author/recheck").text)
    assert room.submit("/moderation/undo", entry=number).status_code == 303
    db.session.expire_all()
    assert answer.recheck_reason == WHY


def test_what_was_said_of_a_card_is_undone_from_the_record_by_those_who_write(as_: As) -> None:
    card = marked_card()
    as_(make_account("author")).submit(f"/author/recheck/cards/{card.id}")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "still right")).one()
    field = f'name="entry" value="{entry.id}"'
    assert field in as_(make_account("admin")).get("/moderation/log").text
    moderator = as_(make_account("moderator"))
    assert field not in moderator.get("/moderation/log").text
    assert moderator.submit("/moderation/undo", entry=str(entry.id)).status_code == 409
    db.session.expire_all()
    assert card.recheck_at is None


def test_a_card_that_was_edited_since_is_not_marked_again(app: Flask) -> None:
    card, author = marked_card(), make_account("author", name="Ruth")
    with unit_of_work():
        entry = rechecking.still_right(card, by=author)
    with unit_of_work():
        cards.edit(
            db.session.get_one(AnswerCard, card.id),
            title="Why it clicks",
            source="Another text.",
            tag_ids=(),
            resource_ids=(),
            article_ids=(),
            by=author,
            version=1,
        )
    with pytest.raises(CheckStands, match="Ruth looked at it again since"):
        rechecking.undo_still_right(entry, by=author)
    assert rechecking.undoable([entry]) == frozenset()


def test_what_was_said_of_a_card_is_undone_once(app: Flask) -> None:
    card, author = marked_card(), make_account("author")
    entry = rechecking.still_right(card, by=author)
    rechecking.undo_still_right(entry, by=author)
    with pytest.raises(CheckStands, match="waits to be looked at again already"):
        rechecking.undo_still_right(entry, by=author)
    rechecking.still_right(card, by=author)
    with pytest.raises(CheckStands, match="looked at it again since"):
        rechecking.undo_still_right(entry, by=author)
