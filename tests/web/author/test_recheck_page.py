"""The author's page of what has to be looked at again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from app.domains.accounts.models import Account
from app.domains.answers.models import AnswerCard
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.clock import now
from app.infra.db import db
from tests.factories import make_account, make_answer, make_article, make_card, make_question
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[[Account], Browser]
Counting = Callable[[], AbstractContextManager[Counted]]
WHY = "“Leg swings” was changed."


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
    assert page.count(WHY) == 2
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
    assert WHY not in browser.get("/author/recheck").text
    assert browser.submit(path).status_code == 409
    assert browser.submit("/author/recheck/cards/999999").status_code == 404


def test_an_answer_that_is_still_right_leaves_the_page_and_the_desk(as_: As) -> None:
    author = make_account("author")
    browser, answer = as_(author), marked_answer(author)
    path = f"/author/recheck/answers/{answer.id}"
    assert browser.submit(path).status_code == 303
    assert WHY not in browser.get("/author/recheck").text
    assert WHY not in browser.get("/moderation/?lane=recheck").text
    assert browser.submit(path).status_code == 409
    assert browser.submit("/author/recheck/answers/999999").status_code == 404


def test_readers_see_nothing_of_it(client: Browser) -> None:
    author = make_account("author")
    card, answer = marked_card(), marked_answer(author)
    for path in (card.href, answer.parent.href, answer.article.href):
        page = client.get(path)
        assert page.status_code == 200
        assert WHY not in page.text
