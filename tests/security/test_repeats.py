"""A repeat after a lost answer gives the same answer, to whoever asked first and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.domains.comments.models import Comment, CommentRevision, MeToo
from app.domains.comments.states import Status
from app.domains.moderation import upkeep
from app.domains.moderation.models import Report
from app.infra import repeats, tokens
from app.infra.db import db
from app.infra.jobs import Job
from app.infra.repeats import AnsweredRequest
from app.infra.unit_of_work import unit_of_work
from app.notifications.states import Mail
from tests import factories
from tests.security.test_races import at_once, copies, statuses
from tests.support.client import Browser

As = Callable[..., Browser]
TEXT = "My left hip clicks when I swing the leg, what does that mean?"
GUEST = {"name": "Bo", "email": "bo@example.com", "seen": ""}


@pytest.fixture
def ask() -> str:
    return f"/articles/{factories.make_article().slug}/ask"


def send(browser: Browser, path: str, key: str, **fields: str):  # type: ignore[no-untyped-def]
    data = {"csrf_token": browser.csrf_token(), **GUEST, "body": TEXT, **fields}
    return browser.post(path, data=data, headers={"Idempotency-Key": key})


def how_many(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_r04_twenty_posts_with_one_key_are_one_comment_and_one_answer(
    client: Browser, ask: str
) -> None:
    client.csrf_token()

    answers = at_once(
        [lambda one=one: send(one, ask, "one") for one in copies(client, 20)]  # type: ignore[misc]
    )

    assert statuses(answers) == {303: 20}
    assert len({answer.location for answer in answers}) == 1
    assert how_many(Comment) == 1


def test_r04_the_answer_stays_the_same_when_the_text_was_published_meanwhile(
    client: Browser, ask: str
) -> None:
    first = send(client, ask, "one")
    comment = db.session.scalars(select(Comment)).one()
    comment.status = Status.APPROVED

    assert send(client, ask, "one").location == first.location
    assert client.get(first.location).status_code == 200


def test_r04_the_repeat_brings_back_what_the_lost_answer_would_have_left_in_the_browser(
    client: Browser, ask: str
) -> None:
    copy = copies(client, 1)[0]
    client.csrf_token()
    copy = copies(client, 1)[0]
    send(client, ask, "one")  # its cookie is lost
    send(copy, ask, "one")

    assert "waits for a moderator" in copy.get(ask.removesuffix("/ask")).text


@pytest.mark.parametrize("changed", [{"body": "And my right one?"}, {"name": "Al"}])
def test_r04_the_same_key_with_something_else_is_refused_in_plain_words(
    client: Browser, ask: str, changed: dict[str, str]
) -> None:
    send(client, ask, "one")

    answer = send(client, ask, "one", **changed)

    assert answer.status_code == 422
    assert "with other words, so nothing was done" in answer.text
    assert changed.get("body", TEXT)[:10] in answer.text
    assert how_many(Comment) == 1


def test_r04_the_same_key_under_another_article_is_refused(client: Browser, ask: str) -> None:
    send(client, ask, "one")
    other = f"/articles/{factories.make_article().slug}/ask"

    assert send(client, other, "one").status_code == 422


def test_s17_r04_the_key_of_another_opens_nothing_of_theirs(
    app: Flask, client: Browser, ask: str
) -> None:
    other = app.test_client()
    assert isinstance(other, Browser)
    first = send(client, ask, "one")

    second = send(other, ask, "one", email="al@example.com")

    assert second.status_code == 303
    assert second.location != first.location
    assert how_many(Comment) == 2


def test_s17_a_browser_that_signs_in_is_another_caller(app: Flask, as_: As, ask: str) -> None:
    one, two = (as_(factories.make_account()) for _ in range(2))

    answers = {send(browser, ask, "one", kind="comment").location for browser in (one, two)}

    assert len(answers) == 2


@pytest.mark.parametrize("key", ["", "k" * 256, "two words", "\x01"])
def test_s17_a_key_that_is_too_long_or_no_key_is_refused(
    client: Browser, ask: str, key: str
) -> None:
    answer = send(client, ask, key)

    assert answer.status_code == 400
    assert "1 to 255 visible characters" in answer.text
    assert how_many(Comment) == how_many(AnsweredRequest) == 0


def test_s17_a_key_of_255_characters_is_taken(client: Browser, ask: str) -> None:
    assert send(client, ask, "k" * 255).status_code == 303


def test_r04_s17_after_a_day_a_key_is_forgotten_and_stands_for_a_new_text(
    clock: Traveller, client: Browser, ask: str
) -> None:
    send(client, ask, "one")
    clock.shift(timedelta(hours=24, seconds=1))

    assert send(client, ask, "one", body="And my right one?").status_code == 303
    assert how_many(Comment) == 2

    clock.shift(timedelta(hours=24, seconds=1))
    assert upkeep.forget_old()["keys of requests"] == 1
    assert how_many(AnsweredRequest) == 0


def test_s17_a_caller_has_a_bounded_number_of_keys(app: Flask) -> None:
    kept = repeats.MOST_OF_A_CALLER
    with app.test_request_context(), unit_of_work():
        for number in range(kept + 150):
            repeats.keep(repeats.asked("browser a", str(number), "x"))
        repeats.keep(repeats.asked("browser b", "1", "x"))
        last = repeats.asked("browser a", str(kept + 149), "x")
        assert repeats.find(last) is not None
    of_a = select(func.count()).where(AnsweredRequest.caller == last.caller)
    assert kept <= (db.session.scalar(of_a) or 0) < kept + 100
    assert how_many(AnsweredRequest) == (db.session.scalar(of_a) or 0) + 1


def test_s17_a_copy_of_the_database_shows_neither_key_nor_private_link(
    client: Browser, ask: str
) -> None:
    location = send(client, ask, "my-own-key").location
    question = db.session.scalars(select(Comment)).one()
    private = tokens.private_key("asked", question.id, question.nonce)
    assert private in location
    send(client, location + "/edit", "other-key", body="And my right one?")

    rows = db.session.execute(select(AnsweredRequest.__table__)).all()

    assert len(rows) == 2
    kept = " ".join(str(value) for row in rows for value in row)
    assert private not in kept
    assert "own-key" not in kept
    assert "right one" not in kept


def test_r04_a_refused_text_leaves_its_key_free(client: Browser, ask: str) -> None:
    assert send(client, ask, "one", body="").status_code == 422

    assert send(client, ask, "one").status_code == 303


def test_r04_an_edit_that_comes_twice_is_one_edit(client: Browser, ask: str) -> None:
    path = send(client, ask, "one").location + "/edit"

    places = {send(client, path, "two", body="And my right one?").location for _ in range(3)}

    assert places == {path.removesuffix("/edit")}
    assert how_many(CommentRevision) == 1


def test_r04_a_second_click_on_an_edit_is_one_edit(client: Browser, ask: str) -> None:
    path = send(client, ask, "one").location + "/edit"
    ticket = client.get(path).text.split('name="ticket"')[1].split('value="')[1].split('"')[0]

    for _ in range(2):
        client.submit(path, ticket=ticket, body="And my right one?")

    assert how_many(CommentRevision) == 1


def test_s18_r04_a_report_that_comes_twice_is_one_report(client: Browser) -> None:
    comment = factories.make_comment()
    path = f"/comments/{comment.id}/report"

    answers = [send(client, path, "one", reason="spam", words="") for _ in range(3)]

    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, f"/reported/{comment.article.slug}")
    }
    assert how_many(Report) == 1


def test_r04_me_too_that_comes_twice_mails_one_link(client: Browser) -> None:
    question = factories.make_question()
    path = f"/questions/{question.id}/me-too"
    ticket = client.get(path).text.split('name="ticket"')[1].split('value="')[1].split('"')[0]

    for _ in range(2):
        answer = client.submit(path, ticket=ticket, email="bo@example.com")
        assert answer.status_code == 303

    mails = select(func.count()).where(Job.kind == Mail.ME_TOO)
    assert db.session.scalar(mails) == 1


def test_s18_r04_me_too_of_a_member_counts_once_under_twenty_clicks(as_: As) -> None:
    path = f"/questions/{factories.make_question().id}/me-too"
    member = as_(factories.make_account())
    member.csrf_token()

    answers = at_once(
        [
            lambda one=one: send(one, path, "one")  # type: ignore[misc]
            for one in copies(member, 20)
        ]
    )

    assert statuses(answers) == {303: 20}
    assert how_many(MeToo) == 1


def test_r04_a_reply_that_comes_twice_is_one_reply(client: Browser) -> None:
    path = f"/comments/{factories.make_comment().id}/reply"

    places = {send(client, path, "one").location for _ in range(2)}

    assert len(places) == 1
    assert how_many(Comment) == 2


@pytest.mark.parametrize("letter", ["д", "問"])
def test_r04_a_place_with_letters_of_other_scripts_is_kept_and_led_to_again(
    as_: As, letter: str
) -> None:
    """In percent signs such an address is six or nine times as long, and no column may cut it."""
    question = factories.make_question(title=letter * 100)
    path = f"/questions/{question.id}/me-too"
    member = as_(factories.make_account())

    answers = [send(member, path, "one") for _ in range(2)]

    assert {(answer.status_code, answer.location) for answer in answers} == {(303, question.href)}
    assert how_many(AnsweredRequest) == 1
