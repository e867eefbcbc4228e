"""Asking and replying, as a guest and with an account, with everything that can be wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.domains.articles.models import Article
from app.domains.comments.drafts import BODY_LIMIT
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_question
from tests.support.client import Browser

GUEST = {"name": "Anna Lind", "email": "anna@example.com", "kind": ""}
TEXT = "My left hip clicks when I swing the leg, what does that mean?"


def ask(client: Browser, article: Article, body: str = TEXT, **fields: str) -> TestResponse:
    return client.submit(f"/articles/{article.slug}/ask", **{**GUEST, "body": body, **fields})


def count() -> int:
    return db.session.scalar(select(func.count(Comment.id))) or 0


def only() -> Comment:
    return db.session.scalars(select(Comment)).one()


def test_a_guest_asks_and_comes_to_a_private_page(client: Browser) -> None:
    answer = ask(client, make_article())
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "waits for a moderator" in page.text
    assert TEXT in page.text


def test_v09_the_private_page_is_kept_nowhere(client: Browser) -> None:
    page = client.get(ask(client, make_article()).headers["Location"])
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_v04_a_wrong_key_is_answered_like_no_such_page(client: Browser) -> None:
    own = ask(client, make_article()).headers["Location"]
    wrong = own[:-1] + ("0" if own[-1] != "0" else "1")
    missing = own.replace(f"/{only().id}/", "/999999/")
    answers = [client.get(wrong), client.get(missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data


def test_the_writer_sees_on_the_article_that_the_text_waits_and_nobody_else(
    app: Flask, client: Browser
) -> None:
    article = make_article()
    ask(client, article)
    assert "waits for a moderator" in client.get(f"/articles/{article.slug}").text
    assert "waits for a moderator" not in app.test_client().get(f"/articles/{article.slug}").text


@pytest.mark.parametrize("body", ["", "   \n\t ", "\u200b\u200b"])
def test_an_empty_text_is_refused_in_words(client: Browser, body: str) -> None:
    answer = ask(client, make_article(), body)
    assert answer.status_code == 422
    assert "the text is empty" in answer.text
    assert count() == 0


def test_a_failed_form_keeps_the_text_and_the_name(client: Browser) -> None:
    answer = ask(client, make_article(), email="nowhere")
    assert answer.status_code == 422
    assert TEXT in answer.text
    assert 'value="Anna Lind"' in answer.text
    assert count() == 0


def test_d07_the_longest_text_is_taken_whole(client: Browser) -> None:
    body = "🦵" * BODY_LIMIT
    assert ask(client, make_article(), body).status_code == 303
    assert only().source == body


def test_d07_one_character_more_is_refused_and_kept(client: Browser) -> None:
    body = "a" * (BODY_LIMIT + 1)
    answer = ask(client, make_article(), body)
    assert (answer.status_code, body in answer.text, count()) == (422, True, 0)


def test_s10_a_megabyte_is_refused_before_it_is_read(client: Browser) -> None:
    assert ask(client, make_article(), "a" * 1_000_000).status_code == 413
    assert count() == 0


@pytest.mark.parametrize("body", ["a\x00b", "a\x1bb", "a\x08b"])
def test_u04_control_characters_are_refused_on_both_databases(client: Browser, body: str) -> None:
    assert ask(client, make_article(), body).status_code == 422


def test_ten_thousand_links_wait_like_any_text(client: Browser) -> None:
    body = ("http://a.example.com " * 500)[:BODY_LIMIT]
    assert ask(client, make_article(), body).status_code == 303
    assert only().status == Status.PENDING


@pytest.mark.parametrize("body", ["> " * 4_000 + "deep", "- " * 4_000 + "deep", "[" * 9_000])
def test_s12_deep_nesting_is_taken_and_drawn_flat(client: Browser, body: str) -> None:
    assert ask(client, make_article(), body).status_code == 303


def test_u02_direction_marks_leave_a_name(client: Browser) -> None:
    ask(client, make_article(), name="Anna\u202e dniL\u200b")
    assert only().author_name == "Anna dniL"


@pytest.mark.parametrize("name", ["", "\u200b\u2060", "x" * 61])
def test_u03_a_name_nobody_can_see_or_too_long_is_refused(client: Browser, name: str) -> None:
    answer = ask(client, make_article(), name=name)
    assert (answer.status_code, count()) == (422, 0)


def test_u01_the_authors_name_is_refused_in_words(client: Browser) -> None:
    article = make_article(author=make_account("author", name="Marta Lindqvist"))
    answer = ask(client, article, name="Marta  Lindqvist")
    assert answer.status_code == 422
    assert "belongs to someone who works here" in answer.text
    assert TEXT in answer.text


def test_p09_a_closed_article_refuses_and_keeps_the_text(client: Browser) -> None:
    answer = ask(client, make_article(comments_open=False))
    assert answer.status_code == 403
    assert "takes no more comments" in answer.text
    assert TEXT in answer.text


def test_a_site_may_ask_for_an_account(make_app: Callable[..., Flask]) -> None:
    app = make_app(guests_may_ask=False)
    with app.app_context():
        article = make_article()
        answer = ask(app.test_client(), article)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "asks for an account" in answer.text
    assert TEXT in answer.text


def test_a_draft_takes_no_questions(client: Browser) -> None:
    assert ask(client, make_article(status="draft")).status_code == 404


def test_a_double_submit_is_one_comment_with_one_answer(client: Browser) -> None:
    article = make_article()
    page = client.get("/fresh-form").text
    ticket = page.split('name="ticket"')[1].split('value="')[1].split('"')[0]
    first = ask(client, article, ticket=ticket)
    second = ask(client, article, ticket=ticket)
    assert first.headers["Location"] == second.headers["Location"]
    assert count() == 1


def test_c01_a_form_without_its_token_changes_nothing(client: Browser) -> None:
    article = make_article()
    address = f"/articles/{article.slug}/ask"
    answer = client.post(address, data={**GUEST, "body": TEXT, "csrf_token": "x"})
    assert (answer.status_code, count()) == (400, 0)
    assert "stale" in answer.text


def test_a_text_from_a_page_without_a_token_is_shown_once_more_and_sent_from_there(
    client: Browser,
) -> None:
    article = make_article()
    address = f"/articles/{article.slug}/ask"
    kept = client.get(f"/articles/{article.slug}")
    assert "csrf_token" not in kept.text

    shown = client.post(address, data={**GUEST, "body": TEXT})
    assert (shown.status_code, count()) == (200, 0)
    assert "Look it over once more" in shown.text
    assert TEXT in shown.text

    fields = dict(re.findall(r'name="(csrf_token|ticket)"[^>]*value="([^"]+)"', shown.text))
    sent = client.post(address, data={**GUEST, "body": TEXT, **fields})
    assert (sent.status_code, count()) == (303, 1)
    again = client.post(address, data={**GUEST, "body": TEXT, **fields})
    assert (again.location, count()) == (sent.location, 1)


def test_c01_who_is_signed_in_sends_nothing_without_a_token(as_: Any) -> None:
    reader = as_(make_account())
    answer = reader.post(f"/articles/{make_article().slug}/ask", data={"body": TEXT})
    assert (answer.status_code, count()) == (400, 0)


def test_p03_a_reader_cannot_set_what_is_not_in_the_form(client: Browser) -> None:
    ask(
        client,
        make_article(),
        status="approved",
        by_author="1",
        id="4711",
        html="<script>",
        account_id="1",
        created_at="2001-01-01",
    )
    comment = only()
    assert (comment.status, comment.by_author, comment.id == 4711) == ("pending", False, False)


def test_without_script_the_preview_is_the_same_page_again(client: Browser) -> None:
    answer = ask(client, make_article(), "Some *words*", preview="1")
    assert answer.status_code == 200
    assert "Some <em>words</em>" in answer.text
    assert count() == 0


def test_the_live_preview_is_what_will_be_published(client: Browser) -> None:
    answer = client.submit("/preview", body="Some *words* <script>alert(1)</script>")
    ask(client, make_article(), "Some *words* <script>alert(1)</script>")
    assert answer.text.strip() == only().html.strip()


def test_an_account_writes_without_name_and_address(
    as_: Callable[..., Browser],
) -> None:
    browser = as_(make_account("reader", name="Hanne V"))
    article = make_article()
    assert 'name="email"' not in browser.get(f"/articles/{article.slug}").text
    browser.submit(f"/articles/{article.slug}/ask", body=TEXT, kind="")
    assert only().author_name == "Hanne V"


def test_a_reply_to_a_text_that_waits_is_answered_like_no_such_page(client: Browser) -> None:
    pending = make_comment(status=Status.PENDING)
    there = client.submit(f"/comments/{pending.id}/reply", **GUEST, body=TEXT)
    nowhere = client.submit("/comments/99999/reply", **GUEST, body=TEXT)
    assert (there.status_code, there.data) == (404, nowhere.data)


def test_staff_see_their_text_published_at_once(as_: Callable[..., Browser]) -> None:
    author = make_account("author")
    question = make_question(article=make_article(author=author))
    answer = as_(author).submit(f"/comments/{question.id}/reply", body="Rest it.", kind="")
    assert answer.status_code == 303
    assert f"/comments/{question.id + 1}" in answer.headers["Location"]


def test_a_suggested_link_is_put_into_the_reply_by_the_server(as_: Callable[..., Browser]) -> None:
    author = make_account("author")
    question = make_question(article=make_article(author=author))
    answer = as_(author).submit(
        f"/comments/{question.id}/reply",
        body="Try this:",
        insert="[Clamshell](/resources/clamshell)",
    )
    assert "Try this:\n\n[Clamshell](/resources/clamshell)" in answer.text.replace("\r\n", "\n")


def test_s01_a_guest_who_writes_too_fast_keeps_the_text(
    make_app: Callable[..., Flask], clock: time_machine.Traveller
) -> None:
    app = make_app(rate_limits=True)
    with app.app_context():
        article = make_article()
        client = app.test_client()
        for number in range(2):
            assert ask(client, article, f"Question {number}?").status_code == 303  # type: ignore[arg-type]
            clock.shift(6)
        answer = ask(client, article)  # type: ignore[arg-type]
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert TEXT in answer.text
    assert "Wait a minute and send it again." in answer.text


@pytest.mark.parametrize("number", ["1.5", "true", "9" * 5000, "1%00", "-1"])
def test_p11_an_odd_number_is_no_page(client: Browser, number: str) -> None:
    assert client.get(f"/comments/{number}").status_code == 404
    assert client.get(f"/questions/{number}-x").status_code == 404


def test_a_form_that_went_stale_gives_the_text_back(client: Browser) -> None:
    path = f"/articles/{make_article().slug}/ask"
    answer = client.post(path, data={"csrf_token": "stale", "body": "An hour <b>of work</b>."})
    assert answer.status_code == 400
    assert "An hour &lt;b&gt;of work&lt;/b&gt;." in answer.text


def test_a_reply_to_what_nobody_may_read_gives_the_text_back(client: Browser) -> None:
    hidden = make_comment("Still waiting.", status=Status.PENDING)
    answer = client.submit(f"/comments/{hidden.id}/reply", body="My long reply.")
    assert answer.status_code == 404
    assert "My long reply." in answer.text
    assert "Still waiting." not in answer.text


def test_a_form_from_another_site_is_not_given_back(client: Browser) -> None:
    path = f"/articles/{make_article().slug}/ask"
    elsewhere = {"Origin": "https://elsewhere.example"}
    answer = client.post(path, data={"body": "Not of this site."}, headers=elsewhere)
    assert answer.status_code == 403
    assert "Not of this site." not in answer.text


def test_u01_a_guest_like_somebody_in_the_thread_is_told_and_keeps_the_text(
    client: Browser,
) -> None:
    question = make_question(name="Anna Lind")
    reply = {**GUEST, "body": TEXT}
    answer = client.submit(f"/comments/{question.id}/reply", **reply)
    assert answer.status_code == 409
    assert "Somebody else in this thread goes by this name" in answer.text
    assert TEXT in answer.text
    assert count() == 1
    assert (
        client.submit(f"/comments/{question.id}/reply", **{**reply, "name": "Anna L."}).status_code
        == 303
    )


def test_who_asked_in_this_browser_replies_under_the_same_name(client: Browser) -> None:
    ask(client, make_article())
    question = only()
    question.status = Status.APPROVED
    db.session.commit()
    other = {**GUEST, "body": "It was the right hip, I am sorry."}
    answer = client.submit(f"/comments/{question.id}/reply", **other)
    assert answer.status_code == 303
    assert count() == 2
