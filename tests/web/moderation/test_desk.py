"""The desk in the browser's own words: who gets in, what is shown, what the buttons do."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Text, cast, select

from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Status
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import (
    make_account,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser

As = Callable[..., Browser]
DESK = ["/moderation/", "/moderation/log", "/moderation/{id}"]
ACTS = [
    ("/moderation/decide", {"verb": "approve", "item": "{id}:1"}),
    ("/moderation/undo", {"entry": "1"}),
    ("/moderation/{id}/edit", {"body": "x", "version": "1"}),
    ("/moderation/{id}/kind", {"kind": "question"}),
]


def state(comment: Comment) -> str:
    return db.session.get_one(Comment, comment.id, populate_existing=True).status


def decide(browser: Browser, comment: Comment, verb: str, **fields: str):  # type: ignore[no-untyped-def]
    return browser.submit(
        "/moderation/decide", verb=verb, item=f"{comment.id}:{comment.version}", **fields
    )


@pytest.mark.parametrize("path", DESK)
def test_p01_guests_and_readers_see_no_desk(app: Flask, as_: As, path: str) -> None:
    comment = make_comment("A canary sings.", status=Status.PENDING)
    address = path.format(id=comment.id)
    assert app.test_client().get(address).status_code == 302
    refused = as_(make_account(Role.READER)).get(address)
    assert refused.status_code == 403
    assert "canary" not in refused.text


@pytest.mark.parametrize(("path", "fields"), ACTS)
def test_p01_guests_and_readers_decide_nothing(
    app: Flask, as_: As, path: str, fields: dict[str, str]
) -> None:
    comment = make_comment(status=Status.PENDING)
    filled = {name: value.format(id=comment.id) for name, value in fields.items()}
    address = path.format(id=comment.id)
    browser = app.test_client()
    assert browser.submit(address, **filled).status_code == 401  # type: ignore[attr-defined]
    assert as_(make_account(Role.READER)).submit(address, **filled).status_code == 403
    assert state(comment) == Status.PENDING


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.AUTHOR, Role.ADMIN])
def test_staff_see_the_desk_which_no_cache_keeps(as_: As, role: Role) -> None:
    page = as_(make_account(role)).get("/moderation/")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("verb", "status"),
    [("approve", Status.APPROVED), ("spam", Status.SPAM), ("delete", Status.DELETED)],
)
def test_a_verdict_moves_the_text(as_: As, verb: str, status: Status) -> None:
    comment = make_comment(status=Status.PENDING)
    assert decide(as_(make_account(Role.MODERATOR)), comment, verb).status_code == 303
    assert state(comment) == status


def test_a_rejection_may_go_without_a_reason(as_: As) -> None:
    comment = make_comment(status=Status.PENDING)
    assert decide(as_(make_account(Role.MODERATOR)), comment, "reject").status_code == 303
    assert state(comment) == Status.REJECTED


def test_own_words_are_the_reason(as_: As) -> None:
    comment = make_comment(status=Status.PENDING)
    decide(
        as_(make_account(Role.MODERATOR)),
        comment,
        "reject",
        reason="Advertising",
        own_reason="Too long for us",
    )
    db.session.expire_all()
    assert db.session.get_one(Comment, comment.id).reject_reason == "Too long for us"


def test_a_reason_is_chosen_in_one_language_and_read_in_another(as_: As) -> None:
    comment = make_comment(status=Status.PENDING)
    desk = as_(make_account(Role.MODERATOR, language="de"))
    assert 'value="Werbung"' in desk.get(f"/moderation/{comment.id}").text
    decide(desk, comment, "reject", reason="Werbung")
    db.session.expire_all()
    kept = db.session.scalar(select(cast(Comment.reject_reason, Text)))
    assert (kept, db.session.scalar(select(AuditEntry.reason))) == (
        "It advertises something.",
        "Advertising",
    )
    for address in ("log", f"{comment.id}"):
        page = desk.get(f"/moderation/{address}").text
        assert "Er wirbt für etwas." in page
        assert "dvertis" not in page
    assert "Er wirbt für etwas." in desk.get("/moderation/numbers/reasons.svg").text
    spanish = as_(make_account(Role.MODERATOR, language="es")).get(f"/moderation/{comment.id}")
    assert "Hace publicidad de algo." in spanish.text


def test_r12_the_second_of_two_moderators_hears_what_the_first_did(as_: As) -> None:
    comment = make_comment(status=Status.PENDING)
    seen = f"{comment.id}:{comment.version}"
    first = as_(make_account(Role.MODERATOR, name="Ruth"))
    second = as_(make_account(Role.MODERATOR, name="Tomasz"))
    first.submit("/moderation/decide", verb="approve", item=seen)
    late = second.submit("/moderation/decide", verb="spam", item=seen)
    assert late.status_code == 409
    assert "Ruth approved it" in late.text
    assert state(comment) == Status.APPROVED


def test_many_are_decided_at_once(as_: As) -> None:
    comments = [make_comment(status=Status.PENDING) for _ in range(3)]
    items = [f"{comment.id}:{comment.version}" for comment in comments]
    browser = as_(make_account(Role.MODERATOR))
    page = browser.submit("/moderation/decide", verb="approve", item=items)
    assert [state(comment) for comment in comments] == [Status.APPROVED] * 3
    assert "3 texts approved" in browser.get(page.headers["Location"]).text


def test_the_bar_undoes_all_of_the_last_act(as_: As) -> None:
    comments = [make_comment(status=Status.PENDING) for _ in range(2)]
    browser = as_(make_account(Role.MODERATOR))
    browser.submit(
        "/moderation/decide",
        verb="spam",
        item=[f"{comment.id}:{comment.version}" for comment in comments],
    )
    page = browser.get("/moderation/").text
    entries = [part.split('"')[0] for part in page.split('name="entry" value="')[1:]]
    browser.submit("/moderation/undo", entry=entries)
    assert [state(comment) for comment in comments] == [Status.PENDING] * 2


def test_editing_before_approving_keeps_both_texts(as_: As) -> None:
    tag = make_tag("Clicking hip")
    question = make_question("Why does it clik?", status=Status.PENDING)
    browser = as_(make_account(Role.MODERATOR))
    browser.submit(
        f"/moderation/{question.id}/edit",
        body="Why does it click?",
        title="Why does it click?",
        version=str(question.version),
        tags=[str(tag.id)],
        then="approve",
    )
    assert state(question) == Status.APPROVED
    page = browser.get(f"/moderation/{question.id}").text
    assert "Why does it clik?" in page
    assert "Why does it click?" in page


def test_a_stale_edit_keeps_what_was_typed(as_: As) -> None:
    comment = make_comment(status=Status.PENDING)
    answer = as_(make_account(Role.MODERATOR)).submit(
        f"/moderation/{comment.id}/edit", body="My words.", version="77"
    )
    assert (answer.status_code, "My words." in answer.text) == (409, True)


def test_the_kind_can_be_changed(as_: As) -> None:
    comment = make_comment("Why does it click?")
    as_(make_account(Role.MODERATOR)).submit(f"/moderation/{comment.id}/kind", kind="question")
    assert db.session.get_one(Comment, comment.id, populate_existing=True).is_question


def test_a03_who_is_no_moderator_any_more_decides_nothing(as_: As) -> None:
    moderator = make_account(Role.MODERATOR)
    browser = as_(moderator)
    comment = make_comment(status=Status.PENDING)
    moderator.role = Role.READER
    db.session.commit()
    assert decide(browser, comment, "approve").status_code == 403
    assert state(comment) == Status.PENDING


@pytest.mark.parametrize("after", ["x", "1_", "nan_1", "1e400_1", "_", "1_9999999999999999999"])
def test_p11_a_broken_place_in_the_queue_is_its_beginning(as_: As, after: str) -> None:
    make_comment("The first.", status=Status.PENDING)
    page = as_(make_account(Role.MODERATOR)).get("/moderation/", query_string={"after": after})
    assert page.status_code == 200


def test_x05_what_strangers_typed_is_text_on_the_desk(as_: As) -> None:
    make_comment("<img src=x onerror=alert(1)>", name="<b>Bold</b>", status=Status.PENDING)
    page = as_(make_account(Role.MODERATOR)).get("/moderation/").text
    assert "<img src=x" not in page
    assert "<b>Bold</b>" not in page


def test_an_empty_queue_says_so(as_: As) -> None:
    assert "Nothing waits" in as_(make_account(Role.MODERATOR)).get("/moderation/").text


def test_the_desk_costs_the_same_for_one_and_for_forty(
    as_: As, count_queries: Callable, clock: time_machine.Traveller
) -> None:
    browser = as_(make_account(Role.MODERATOR))
    tag = make_tag()
    first = make_question(status=Status.PENDING, tags=[tag])

    def costs() -> tuple[int, int]:
        """Statements of a first look after something changed, and of another in that second."""
        with count_queries() as at_first:
            browser.get("/moderation/")
        with count_queries() as again:  # past what the test's browser commits at every request
            Context().run(super(Browser, browser).open, "/moderation/")
        return at_first.total, again.total

    one = costs()
    for _ in range(39):
        make_question(status=Status.PENDING, article=first.article, tags=[tag])
    assert costs() == one
    assert one == (10, 8)


def test_the_number_that_waits_is_right_after_every_decision(
    as_: As, clock: time_machine.Traveller
) -> None:
    browser = as_(make_account(Role.MODERATOR))
    comments = [make_comment(status=Status.PENDING) for _ in range(3)]
    for left, comment in ((2, comments[0]), (1, comments[1]), (0, comments[2])):
        decide(browser, comment, "approve")
        assert f'data-count="waiting">{left}<' in browser.get("/moderation/").text


def test_one_click_approves_and_opens_the_reply_with_the_suggested_link(as_: As) -> None:
    tag = make_tag("Clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    question = make_question(status=Status.PENDING, tags=[tag])
    browser = as_(make_account(Role.MODERATOR))
    link = "[Quiet leg circle](/resources/quiet-leg-circle)"
    assert f'name="answer" value="{link}"' in browser.get("/moderation/").text

    answer = decide(browser, question, "approve", answer=link)

    assert state(question) == Status.APPROVED
    assert link in browser.get(answer.headers["Location"]).text


def test_a_reader_opens_no_reply_with_words_from_the_address(as_: As) -> None:
    question = make_question()
    page = as_(make_account(Role.READER)).get(f"/comments/{question.id}/reply?insert=Buy+this")
    assert "Buy this" not in page.text
