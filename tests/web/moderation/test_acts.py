"""What is done with one text beside the verdicts, and the answers that a script gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.comments.models import Comment
from app.domains.comments.states import Kind, Status
from app.domains.moderation.models import DeskSection
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import (
    make_account,
    make_article,
    make_comment,
    make_question,
    make_resource,
    make_tag,
)
from tests.support.client import Browser

As = Callable[[Account], Browser]
JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(as_: As) -> Browser:
    return as_(make_account(Role.MODERATOR, name="Ruth"))


def now(comment: Comment) -> Comment:
    return db.session.get_one(Comment, comment.id, populate_existing=True)


def asked(browser: Browser, path: str, **fields: Any) -> TestResponse:
    """What the desk's script sends."""
    data = {"csrf_token": browser.csrf_token(), **fields}
    return browser.post(path, data=data, headers=JSON)


def decided(browser: Browser, *comments: Comment, verb: str = "spam", **fields: Any) -> Any:
    """A verdict on texts from a page that was drawn before anything happened to them."""
    items = [f"{comment.id}:1" for comment in comments]
    return asked(browser, "/moderation/decide", item=items, verb=verb, **fields)


def acted(browser: Browser, comment: Comment, act: str, **fields: str) -> TestResponse:
    path = f"/moderation/{comment.id}/{act}"
    return browser.submit(path, version=str(comment.version), **fields)


def test_a_script_hears_what_was_done_and_how_to_undo_it(desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    told = decided(desk, comment).json
    entry = db.session.scalars(db.select(AuditEntry.id)).one()
    assert told == {
        "done": [{"id": comment.id, "entry": entry, "version": 2}],
        "refused": [],
        "words": "One text marked as spam.",
        "undo": [entry],
    }
    back = asked(desk, "/moderation/undo", entry=str(entry)).json
    assert back == {"back": [comment.id], "words": "Undone."}
    assert now(comment).status == Status.PENDING


def test_of_many_a_script_hears_which_were_left_and_why(as_: As, desk: Browser) -> None:
    comments = [make_comment(status=Status.PENDING) for _ in range(3)]
    decided(as_(make_account(Role.MODERATOR, name="Tomasz")), comments[1], verb="approve")
    told = decided(desk, *comments).json
    assert [one["id"] for one in told["done"]] == [comments[0].id, comments[2].id]
    (left,) = told["refused"]
    assert left["id"] == comments[1].id
    assert "Tomasz approved it meanwhile" in left["why"]


def test_r12_a_stale_decision_is_told_as_json(as_: As, desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    decided(as_(make_account(Role.MODERATOR, name="Tomasz")), comment, verb="approve")
    late = decided(desk, comment)
    assert late.status_code == 409
    assert "Tomasz approved it meanwhile" in late.json["problem"]


def test_a_decision_on_a_text_deleted_meanwhile_says_so(as_: As, desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    decided(as_(make_account(Role.MODERATOR, name="Tomasz")), comment, verb="delete")
    late = desk.submit("/moderation/decide", verb="approve", item=f"{comment.id}:1")
    assert late.status_code == 409
    assert "Tomasz deleted it meanwhile" in late.text


def test_a_decision_on_a_text_that_is_gone_altogether_is_no_fault(desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    item = f"{comment.id}:{comment.version}"
    db.session.delete(comment)
    db.session.commit()
    gone = asked(desk, "/moderation/decide", item=item, verb="approve")
    assert gone.status_code == 404
    assert gone.json["problem"]


def test_a03_a_role_taken_away_with_the_page_open_is_told_in_a_sentence(as_: As) -> None:
    moderator = make_account(Role.MODERATOR)
    browser = as_(moderator)
    comment = make_comment(status=Status.PENDING)
    moderator.role = Role.READER
    db.session.commit()
    page = browser.submit("/moderation/decide", verb="spam", item=f"{comment.id}:1")
    told = decided(browser, comment)
    assert (page.status_code, told.status_code) == (403, 403)
    assert "its role was taken away" in page.text
    assert "its role was taken away" in told.json["problem"]
    assert now(comment).status == Status.PENDING


def test_a_script_that_is_signed_out_gets_a_sentence(client: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    told = decided(client, comment)
    assert (told.status_code, "signed out" in told.json["problem"]) == (401, True)


def test_c01_a_script_without_a_token_is_refused_as_json(desk: Browser) -> None:
    told = desk.post("/moderation/decide", data={"verb": "spam"}, headers=JSON)
    assert (told.status_code, "stale" in told.json["problem"]) == (400, True)


def test_nothing_chosen_is_told_as_json_too(desk: Browser) -> None:
    told = asked(desk, "/moderation/decide", verb="spam")
    assert (told.status_code, "Nothing was chosen" in told.json["problem"]) == (400, True)


def test_the_bar_stays_for_thirty_seconds(clock: Any, as_: As) -> None:
    desk = as_(make_account(Role.MODERATOR))
    comment = make_comment(status=Status.PENDING)
    desk.submit("/moderation/decide", verb="spam", item=f"{comment.id}:{comment.version}")
    clock.shift(29)
    assert 'data-seconds="1"' in desk.get(f"/moderation/{comment.id}").text
    clock.shift(1)
    assert "data-seconds=" not in desk.get(f"/moderation/{comment.id}").text


def test_the_record_of_a_text_undoes_when_the_bar_is_gone(desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    entry = decided(desk, comment).json["undo"][0]
    page = desk.get(f"/moderation/{comment.id}").text
    assert f'name="entry" value="{entry}"' in page
    desk.submit("/moderation/undo", entry=str(entry), next=f"/moderation/{comment.id}")
    assert now(comment).status == Status.PENDING


def test_a_rejected_text_gets_its_reason_after_the_act(desk: Browser) -> None:
    comment = make_comment(status=Status.REJECTED)
    answer = acted(desk, comment, "reason", reason="Advertising")
    assert answer.status_code == 303
    assert now(comment).reject_reason == "It advertises something."


def test_what_is_not_rejected_has_no_reason(desk: Browser) -> None:
    comment = make_comment(status=Status.PENDING)
    assert acted(desk, comment, "reason", reason="Advertising").status_code == 409


def test_a_text_is_held_for_a_colleague_and_given_back(desk: Browser) -> None:
    comment, colleague = make_comment(status=Status.PENDING), make_account(Role.MODERATOR)
    acted(desk, comment, "hold-for", colleague=str(colleague.id), note="You know hips.")
    held = now(comment)
    assert (held.held_for_id, held.held_note) == (colleague.id, "You know hips.")
    assert "You know hips." in desk.get(f"/moderation/{comment.id}").text
    acted(desk, held, "release")
    assert now(comment).held_for_id is None


def test_a_text_is_held_for_nobody_who_may_not_decide_on_it(desk: Browser) -> None:
    tag, comment = make_tag(), make_comment(status=Status.PENDING)
    limited, reader = make_account(Role.MODERATOR), make_account(Role.READER)
    db.session.add(DeskSection(account_id=limited.id, tag_id=tag.id))
    db.session.commit()
    for number in (str(limited.id), str(reader.id), "", "x", "999999999"):
        assert acted(desk, comment, "hold-for", colleague=number).status_code == 422


@pytest.mark.parametrize(
    "way", ["{id}", "#{id}", "/comments/{id}", "http://localhost/comments/{id}#comment-{id}"]
)
def test_a_text_is_moved_by_number_or_address(desk: Browser, way: str) -> None:
    comment, target = make_comment(), make_comment()
    acted(desk, comment, "move", to=way.format(id=target.id))
    assert now(comment).parent_id == target.id


def test_a_text_is_moved_to_a_question_or_an_article_by_its_address(desk: Browser) -> None:
    comment, question, article = make_comment(), make_question(), make_article()
    acted(desk, comment, "move", to=f"http://localhost{question.href}")
    assert now(comment).parent_id == question.id
    acted(desk, now(comment), "move", to=f"/articles/{article.slug}")
    assert (now(comment).parent_id, now(comment).article_id) == (None, article.id)


@pytest.mark.parametrize(
    "way", ["", "x", "999999999", "/tags/hip", "http://[", "/articles/none", "{hidden}", "{draft}"]
)
def test_p08_a_text_is_moved_to_no_place_that_not_everyone_reads(desk: Browser, way: str) -> None:
    comment, hidden = make_comment(), make_comment(status=Status.PENDING)
    draft = make_article(status="draft")
    to = way.format(hidden=hidden.id, draft=f"/articles/{draft.slug}")
    before = now(comment).version
    assert acted(desk, comment, "move", to=to).status_code == 422
    assert now(comment).version == before


def test_a_reply_is_split_off_and_back(desk: Browser) -> None:
    question = make_question()
    reply = make_comment("And why does my knee click?", parent=question)
    acted(desk, reply, "split")
    assert (now(reply).parent_id, now(reply).kind) == (None, Kind.QUESTION)
    entry = db.session.scalars(db.select(AuditEntry.id)).one()
    desk.submit("/moderation/undo", entry=str(entry))
    assert (now(reply).parent_id, now(reply).kind) == (question.id, Kind.COMMENT)


def test_a_text_is_marked_as_chat_and_back(desk: Browser) -> None:
    comment = make_comment()
    for kind in (Kind.CHAT, Kind.COMMENT):
        desk.submit(f"/moderation/{comment.id}/kind", kind=kind)
        assert now(comment).kind == kind


def test_a_reported_text_that_may_stay_is_kept(desk: Browser) -> None:
    comment = make_comment(recheck_at=clock.now(), recheck_reason="The link moved.")
    told = decided(desk, comment, verb="approve").json
    assert told["words"] == "One text kept as it was."
    assert now(comment).recheck_at is None


ACTS = ["edit", "kind", "reason", "hold-for", "release", "move", "split"]


@pytest.mark.parametrize("act", ACTS)
def test_p01_outside_of_their_sections_a_moderator_does_nothing(as_: As, act: str) -> None:
    limited, comment = make_account(Role.MODERATOR), make_comment(status=Status.PENDING)
    db.session.add(DeskSection(account_id=limited.id, tag_id=make_tag().id))
    db.session.commit()
    browser, before = as_(limited), now(comment).version
    answer = acted(browser, comment, act, kind="chat", body="x", to="1", colleague="1")
    assert answer.status_code == 404
    assert decided(browser, comment).status_code == 404
    assert browser.get(f"/moderation/{comment.id}").status_code == 404
    assert now(comment).version == before


def test_p01_outside_of_their_sections_a_moderator_undoes_nothing(as_: As, desk: Browser) -> None:
    limited, comment = make_account(Role.MODERATOR), make_comment(status=Status.PENDING)
    db.session.add(DeskSection(account_id=limited.id, tag_id=make_tag().id))
    entry = decided(desk, comment).json["undo"][0]
    assert asked(as_(limited), "/moderation/undo", entry=str(entry)).status_code == 404
    assert now(comment).status == Status.SPAM


def test_a_text_with_a_red_flag_is_not_answered_by_one_click(app: Flask, desk: Browser) -> None:
    tag = make_tag("Clicking hip")
    make_resource("Quiet leg circle", tags=[tag])
    calm = make_question(status=Status.PENDING, tags=[tag])
    flagged = make_question(status=Status.PENDING, tags=[tag], red_flag=True)
    assert 'name="answer"' in desk.get(f"/moderation/{calm.id}").text
    page = desk.get(f"/moderation/{flagged.id}").text
    assert 'name="answer"' not in page
    assert "a link alone is no answer" in page
