"""The page of what is worth writing, and the draft that begins there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.domains.accounts.states import Role
from app.domains.articles.models import Article
from app.domains.comments.states import Status
from app.infra import clock
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import gaps, misses
from tests.factories import make_account, make_article, make_card, make_link, make_question
from tests.support.client import Browser
from tests.support.queries import Counted

Counting = Callable[[], AbstractContextManager[Counted]]
As = Callable[..., Browser]
CLICKS = ("My hip clicks when I swing the leg", "Why does the hip make a clicking noise?")


def _after(browser: Browser, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return browser.get(answer.location).text


def test_the_report_says_the_words_the_people_the_days_and_the_questions(as_: As) -> None:
    long_ago = clock.now() - timedelta(days=23, hours=1)
    questions = [make_question(title, created_at=long_ago) for title in CLICKS]
    gaps.look_again()
    page = as_(make_account(Role.AUTHOR)).get("/author/gaps").text
    assert "clicking, hip" in page
    assert "Asked by 2 people, waiting 23 days" in page
    assert all(f'href="{one.href}"' in page for one in questions)


def test_v_hidden_questions_never_appear_in_the_report(as_: As) -> None:
    questions = [make_question(title) for title in CLICKS]
    gaps.look_again()
    for question in questions:
        question.status = Status.REJECTED
    db.session.commit()
    page = as_(make_account(Role.AUTHOR)).get("/author/gaps").text
    assert "clicks" not in page
    assert "No two open questions are alike" in page


def test_looking_again_finds_what_was_asked_since(as_: As) -> None:
    browser = as_(make_account(Role.AUTHOR))
    for title in CLICKS:
        make_question(title)
    assert "Asked by" not in browser.get("/author/gaps").text
    page = _after(browser, browser.submit("/author/gaps/again"))
    assert "One subject is worth writing about" in page
    assert "Asked by 2 people" in page


def test_v_one_act_starts_a_draft_that_nobody_else_sees(as_: As, client: Browser) -> None:
    author = make_account(Role.AUTHOR)
    first, second = (make_question(title) for title in CLICKS)
    browser = as_(author)
    fields = {"title": "hip, clicking", "question": [str(first.id), str(second.id)]}
    answer = browser.submit("/author/gaps/draft", **fields)
    draft = db.session.scalars(select(Article).where(Article.status == "draft")).one()
    assert answer.location.endswith(f"/author/articles/{draft.id}")
    assert client.get(draft.href).status_code == 404
    assert draft.href not in client.get("/").text
    gaps.look_again()
    assert "A draft is begun" in browser.get("/author/gaps").text


def test_a_search_without_a_result_becomes_a_draft(as_: As) -> None:
    with unit_of_work():
        misses.count("rotator cuff")
    browser = as_(make_account(Role.AUTHOR))
    assert "rotator cuff" in browser.get("/author/gaps").text
    browser.submit("/author/gaps/draft", title="rotator cuff")
    assert db.session.scalars(select(Article.title).where(Article.status == "draft")).one() == (
        "What is worth knowing about rotator cuff?"
    )


def test_a_draft_for_nothing_left_says_so_and_makes_none(as_: As) -> None:
    question = make_question(CLICKS[0], status=Status.REJECTED)
    browser = as_(make_account(Role.AUTHOR))
    fields = {"title": "hip", "question": str(question.id)}
    page = _after(browser, browser.submit("/author/gaps/draft", **fields))
    assert "nothing to begin a draft for" in page
    assert db.session.scalar(select(Article.id).where(Article.status == "draft")) is None


def test_cards_stand_beside_it_those_that_help_and_those_that_do_not(as_: As) -> None:
    make_link(make_card("It is a tendon"), make_question("Why?"))
    make_link(make_card("It is a bone"), make_question("Really?"), helped=False)
    page = as_(make_account(Role.AUTHOR)).get("/author/gaps").text
    assert "It is a tendon" in page
    assert "no help to 1 asker" in page


def test_the_report_costs_the_same_for_one_subject_as_for_ten(
    as_: As, count_queries: Counting
) -> None:
    article = make_article()
    browser = as_(make_account(Role.AUTHOR))
    subjects = ["hip", "knee", "neck", "heel", "desk", "stairs", "sleep", "shoe", "run", "bike"]
    for title in ("the hip clicks", "a hip that clicks"):
        make_question(title, article=article)
    gaps.look_again()
    with count_queries() as one:
        browser.get("/author/gaps")
    for word in subjects[1:]:
        for title in (f"the {word} {word}hurt", f"a {word} that {word}hurt"):
            make_question(title, article=article)
    gaps.look_again()
    with count_queries() as ten:
        assert browser.get("/author/gaps").text.count("Asked by") == 10
    assert ten.total == one.total, ten
