"""What a reader sees whose text has a red flag, and what an answer to it must have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.domains.accounts.states import Role
from app.domains.comments import counting, policy, private_links
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.domains.screening import red_flags
from app.infra.db import db
from tests.factories import make_account, make_article, make_comment, make_question, make_rule
from tests.support.client import Browser

As = Callable[..., Browser]
LINK = "[Quiet leg circle](/resources/quiet-leg-circle)"
HEADING = "Please have this looked at"


def flagged(note: str = "", **others: Any) -> Comment:
    verdict = {"red_flag": {"rule": 1, "line": "numb*", "note": note}}
    return make_question("My foot is numb.", red_flag=True, verdict=verdict, **others)


def private_page(client: Browser, comment: Comment) -> str:
    return client.get(f"/asked/{comment.id}/{private_links.key_of(comment)}").text


def test_the_writer_sees_the_rules_note_at_once_and_on_top(client: Browser) -> None:
    page = private_page(client, flagged("See a doctor today.", status=Status.PENDING))
    assert page.index("See a doctor today.") < page.index("<h1>")


def test_whoever_sends_such_a_text_sees_the_note_with_the_answer(client: Browser) -> None:
    make_rule(lines="numb", effect="red flag", note="See a doctor today.", live=True)
    answer = client.submit(
        f"/articles/{make_article().slug}/ask",
        body="Since Sunday my foot is NUMB. What can I do?",
        name="Bo Berg",
        email="bo@example.com",
        kind="question",
    )
    page = client.get(answer.headers["Location"]).text
    assert "waits for a moderator" in page
    assert page.index("See a doctor today.") < page.index("<h1>")


def test_a_rule_without_a_note_shows_the_sites(client: Browser) -> None:
    page = private_page(client, flagged(status=Status.PENDING))
    assert "Please see a doctor soon" in page


def test_a_red_flag_that_no_rule_raised_shows_the_sites_note(client: Browser) -> None:
    comment = make_question(red_flag=True, status=Status.PENDING)
    assert "Please see a doctor soon" in private_page(client, comment)


def test_everyone_sees_the_note_under_a_published_question(client: Browser) -> None:
    assert "See a doctor today." in client.get(flagged("See a doctor today.").href).text


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.DELETED])
def test_a_text_that_is_gone_has_no_note(client: Browser, status: Status) -> None:
    assert HEADING not in private_page(client, flagged(status=status))


def test_a_text_without_a_red_flag_has_no_note(client: Browser) -> None:
    question = make_question()
    assert HEADING not in private_page(client, question)
    assert HEADING not in client.get(question.href).text


def test_x05_a_note_is_text(client: Browser) -> None:
    page = client.get(flagged("<b>Now</b>\nToday").href).text
    assert "<p>&lt;b&gt;Now&lt;/b&gt;</p>" in page


def test_only_a_text_without_a_red_flag_may_be_answered_by_a_link_alone(app: Flask) -> None:
    assert policy.may_be_answered_by_link_alone(make_question())
    assert not policy.may_be_answered_by_link_alone(flagged())


def reply(as_: As, role: Role, parent: Comment, body: str) -> Any:
    return as_(make_account(role)).submit(f"/comments/{parent.id}/reply", body=body)


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUTHOR])
@pytest.mark.parametrize("body", [LINK, f"{LINK}\n\n> My foot is numb.", f"See {LINK}"])
def test_a_link_alone_does_not_answer_a_red_flag(as_: As, role: Role, body: str) -> None:
    question = flagged()
    answer = reply(as_, role, question, body)
    assert answer.status_code == 422
    assert "a link alone is no answer to it" in answer.text
    assert LINK in answer.text
    assert counting.comment_counts([question.article_id]) == {question.article_id: 1}


def test_below_a_red_flag_a_link_alone_is_no_answer_either(as_: As) -> None:
    below = make_comment("And at night, too.", parent=flagged())
    assert reply(as_, Role.AUTHOR, below, LINK).status_code == 422


def test_words_beside_the_link_answer_a_red_flag(as_: As) -> None:
    answer = reply(as_, Role.AUTHOR, flagged(), f"Please see somebody first. Then {LINK}.")
    assert answer.status_code == 303


def test_elsewhere_a_link_alone_is_an_answer(as_: As) -> None:
    assert reply(as_, Role.AUTHOR, make_question(), LINK).status_code == 303


def test_an_admin_changes_the_sites_note(as_: As, client: Browser) -> None:
    question = flagged()
    browser = as_(make_account(Role.ADMIN))
    assert "Please see a doctor soon" in browser.get("/settings/red-flag").text

    answer = browser.submit("/settings/red-flag", note="Ask a doctor.\nNow.", version="0")

    assert answer.status_code == 303
    page = client.get(question.href).text
    assert "<p>Ask a doctor.</p>" in page
    assert "<p>Now.</p>" in page


@pytest.mark.parametrize(
    ("note", "version", "status"), [("", "0", 422), ("x" * 1001, "0", 422), ("New.", "7", 409)]
)
def test_a_note_that_cannot_be_kept_is_refused(
    as_: As, note: str, version: str, status: int
) -> None:
    browser = as_(make_account(Role.ADMIN))
    answer = browser.submit("/settings/red-flag", note=note, version=version)
    db.session.rollback()
    assert answer.status_code == status
    assert red_flags.site_note() == (red_flags.FIRST, 0)
