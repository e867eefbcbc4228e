"""The writer's private page: changing, withdrawing, and nobody else getting in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra import tokens
from app.infra.db import db
from tests.factories import make_account, make_answer, make_comment, make_question
from tests.support.client import Browser


def address(comment: Comment) -> str:
    return f"/asked/{comment.id}/{tokens.private_key('asked', comment.id, comment.nonce)}"


def state(comment: Comment) -> str:
    return db.session.get_one(Comment, comment.id, populate_existing=True).status


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PENDING, "waits for a moderator"),
        (Status.SPAM, "waits for a moderator"),
        (Status.APPROVED, "is published"),
        (Status.REJECTED, "was not published"),
        (Status.WITHDRAWN, "took this text back"),
        (Status.DELETED, "was removed"),
    ],
)
def test_every_state_is_told_in_words(client: Browser, status: Status, words: str) -> None:
    assert words in client.get(address(make_comment(status=status))).text


def test_an_answered_question_says_so(client: Browser) -> None:
    question = make_question()
    make_answer(question)
    assert "Your question is answered" in client.get(address(question)).text


def test_the_reason_of_a_rejection_is_told(client: Browser) -> None:
    comment = make_comment(status=Status.REJECTED, reject_reason="Advertising")
    assert "Advertising" in client.get(address(comment)).text


def test_a_waiting_text_can_be_changed(client: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    client.submit(f"{address(comment)}/edit", body="Other words.", kind="")
    assert "Other words." in client.get(address(comment)).text


def test_v13_a_published_text_cannot_be_changed(client: Browser) -> None:
    comment = make_comment()
    answer = client.submit(f"{address(comment)}/edit", body="Other words.", kind="")
    assert answer.status_code == 409
    assert "Other words." in answer.text


def test_taking_a_text_back_hides_it_at_once(client: Browser) -> None:
    comment = make_comment("A canary sings.")
    client.submit(f"{address(comment)}/withdraw")
    assert state(comment) == Status.WITHDRAWN
    assert "canary" not in client.get(f"/articles/{comment.article.slug}").text


def test_p02_the_key_of_one_text_opens_no_other(client: Browser) -> None:
    mine, other = make_comment(status=Status.PENDING), make_comment(status=Status.PENDING)
    key = address(mine).rsplit("/", 1)[1]
    assert client.submit(f"/asked/{other.id}/{key}/withdraw").status_code == 404
    assert state(other) == Status.PENDING


def test_a17_the_private_link_is_made_for_one_text_and_no_part_of_it_can_be_made_up(
    client: Browser,
) -> None:
    mine = make_comment("A canary sings.", status=Status.PENDING)
    good = address(mine)
    other = "0" if good[-1] != "0" else "1"
    for wrong in (good[:-1] + other, good[:-1], good + "0", good.upper(), good[:-40] + "%00"):
        assert client.get(wrong).status_code == 404, wrong
        assert client.submit(f"{wrong}/edit", body="Other words.", kind="").status_code == 404


def test_a17_the_private_link_changes_nothing_once_its_text_is_decided(client: Browser) -> None:
    for status in set(Status) - {Status.PENDING}:
        decided = make_comment("A canary sings.", status=status)
        answer = client.submit(f"{address(decided)}/edit", body="Other words.", kind="")
        assert answer.status_code == 409, status
        assert db.session.get_one(Comment, decided.id).source == "A canary sings."


def test_a17_whoever_opens_the_private_link_is_signed_in_nowhere(client: Browser) -> None:
    """Not even where its writer has an account."""
    comment = make_comment(account=make_account("moderator"), status=Status.PENDING)
    assert client.get(address(comment)).status_code == 200
    for path in ("/account/", "/account/questions", "/moderation/", "/author/"):
        answer = client.get(path)
        assert (answer.status_code, (answer.location or "").split("?")[0]) in (
            (302, "/sign-in"),
            (303, "/sign-in"),
            (401, ""),
            (404, ""),
        ), path


def test_an_account_finds_all_it_wrote(as_: Callable[..., Browser]) -> None:
    reader = make_account("reader")
    make_question("Why does it click?", account=reader, status=Status.PENDING)
    make_question("Somebody else's?")
    page = as_(reader).get("/account/questions").text
    assert "Why does it click?" in page
    assert "Somebody else" not in page


def test_a_guest_is_sent_to_sign_in_first(app: Flask) -> None:
    answer = app.test_client().get("/account/questions")
    assert answer.headers["Location"].startswith("/sign-in?next=")
