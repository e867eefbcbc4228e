"""Questions and comments at their own addresses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.comments.states import Status
from tests.factories import (
    make_account,
    make_answer,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser

HIDDEN = [status for status in Status if status != Status.APPROVED]


def test_a_question_has_its_own_page_with_its_answers(client: Browser) -> None:
    question = make_question("Why does it click?")
    make_answer(question, "It is a tendon.")
    page = client.get(f"/questions/{question.id}-why-does-it-click")
    assert page.status_code == 200
    assert "It is a tendon." in page.text


def test_another_slug_leads_to_the_right_one(client: Browser) -> None:
    question = make_question("Why does it click?")
    answer = client.get(f"/questions/{question.id}-something-else")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        f"/questions/{question.id}-why-does-it-click",
    )


@pytest.mark.parametrize("status", HIDDEN)
def test_v04_a_hidden_question_is_answered_like_none(client: Browser, status: Status) -> None:
    question = make_question("Why does it click?", status=status)
    hidden = client.get(f"/questions/{question.id}-why-does-it-click")
    missing = client.get("/questions/99999-why-does-it-click")
    assert (hidden.status_code, hidden.data) == (404, missing.data)
    assert client.get(f"/comments/{question.id}").data == missing.data


def test_a_question_under_a_draft_is_no_page(client: Browser) -> None:
    question = make_question("Why?", article=make_article(status="draft"))
    assert client.get(f"/questions/{question.id}-why").status_code == 404


def test_every_comment_has_a_permalink_in_its_thread(client: Browser) -> None:
    root = make_comment("The beginning.")
    reply = make_comment("The end.", parent=root)
    page = client.get(f"/comments/{reply.id}").text
    assert "The beginning." in page
    assert f'id="comment-{reply.id}"' in page


def test_the_permalink_of_a_reply_below_a_hidden_parent_shows_no_parent(client: Browser) -> None:
    root = make_comment("secret words", name="Secret Name", status=Status.REJECTED)
    reply = make_comment("The end.", parent=root)
    page = client.get(f"/comments/{reply.id}").text
    assert "The end." in page
    assert "secret words" not in page
    assert "Secret Name" not in page


def test_the_tags_of_a_question_bring_their_resources(client: Browser) -> None:
    tag = make_tag("Clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    question = make_question("Why does it click?", tags=[tag])
    assert "Quiet leg circle" in client.get(f"/questions/{question.id}-why-does-it-click").text


@pytest.mark.parametrize("view", ["newest", "oldest", "unanswered", "answered", "'; drop table"])
def test_every_view_of_all_questions_is_a_page(client: Browser, view: str) -> None:
    make_question()
    assert client.get("/questions/", query_string={"view": view}).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "1e9", "999999999999", "x", ""])
def test_s13_any_page_number_is_some_page(client: Browser, number: str) -> None:
    question = make_question()
    for path in ("/questions/", f"/articles/{question.article.slug}"):
        assert client.get(path, query_string={"page": number}).status_code == 200


@pytest.mark.parametrize("path", ["/questions/", "/articles/{slug}", "/comments/{id}"])
def test_s13_the_cost_of_a_page_does_not_grow(
    app: Flask, client: Browser, count_queries: Callable, path: str
) -> None:
    article = make_article()
    tag = make_tag()
    root = make_question(article=article, tags=[tag])
    reply = make_answer(root)
    address = path.format(slug=article.slug, id=reply.id)
    client.get(address)
    with count_queries() as few:
        client.get(address)
    for _ in range(12):
        make_answer(make_question(article=article, tags=[tag]))
        make_comment(parent=root)
    with count_queries() as many:
        client.get(address)
    assert many.total <= few.total
    assert many.total <= 12


def test_the_badge_is_drawn_for_the_author_only(client: Browser) -> None:
    question = make_question("Why?", name="The Author")
    page = client.get(f"/questions/{question.id}-why").text
    assert 'class="badge' not in page
    make_answer(question)
    assert 'class="badge author"' in client.get(f"/questions/{question.id}-why").text


def test_v14_no_address_is_in_a_public_page(client: Browser) -> None:
    account = make_account("reader", email="secret@example.com")
    question = make_question("Why?", account=account)
    for path in (f"/questions/{question.id}-why", f"/articles/{question.article.slug}"):
        assert "secret@example.com" not in client.get(path).text


@pytest.mark.parametrize("asked", ["limit=1000000000", "page=-1", "page=99999999", "after=9_9_9"])
def test_s13_no_address_asks_for_more_than_a_page_holds(client: Browser, asked: str) -> None:
    article = make_article()
    for _ in range(120):
        make_comment("word " * 80, article=article)
    for path in (article.href, "/questions/"):
        answer = client.get(f"{path}?{asked}")
        assert answer.status_code == 200
        assert len(answer.data) <= 200_000
        assert answer.text.count('<article class="remark') <= 75


def test_pictures_stand_beside_names_and_say_nothing(client: Browser) -> None:
    question = make_question("Why does it click?", account=make_account())
    make_comment("Mine too.", parent=question)
    page = client.get(f"/questions/{question.id}-why-does-it-click").text
    assert page.count('<svg class="picture tone-') == 1
    assert page.count('<svg class="picture nobody"') == 1
    assert page.count('aria-hidden="true"><path d="M') == 1
    thread = client.get(f"/articles/{question.article.slug}").text
    assert thread.count('<svg class="picture') == 2
    assert "style=" not in thread
