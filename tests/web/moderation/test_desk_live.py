"""What changes while one looks: the stream, its places, and the same on request."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.cli.serving import THREADS
from app.domains.accounts.states import Role
from app.domains.comments.states import Status
from app.domains.moderation.queue import watching
from app.domains.moderation.queue.queries import Seat
from app.domains.moderation.services import Decision, Verb, decide
from app.infra import clock as time
from app.infra.db import db
from app.web.moderation import live
from tests.factories import make_account, make_article, make_comment
from tests.support.client import Browser
from tests.support.queries import Counted

As = Callable[..., Browser]


@pytest.fixture(autouse=True)
def own_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(live, "STREAM_SECONDS", 0.05)
    monkeypatch.setattr(live, "places", live.Places(1))


def messages(stream: str) -> list[dict[str, object]]:
    return [json.loads(part[6:]) for part in stream.split("\n\n") if part.startswith("data: ")]


def test_the_stream_tells_the_counts_at_once_and_ends_by_itself(as_: As) -> None:
    make_comment(status=Status.PENDING)
    answer = as_(make_account(Role.MODERATOR)).get("/moderation/live")

    assert answer.content_type == "text/event-stream; charset=utf-8"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("retry: ")
    told = messages(answer.text)
    assert len(told) == 1, "what has not changed is not told again"
    assert told[0]["lanes"]["waiting"] == "1"  # type: ignore[index]


def test_streams_at_rest_ask_one_statement_a_second_together(
    as_: As,
    count_queries: Callable[[], AbstractContextManager[Counted]],
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "places", live.Places(2))
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.001)
    desks = [as_(make_account(Role.MODERATOR)) for _ in range(2)]
    with (
        closing(desks[0].get("/moderation/live")) as first,
        closing(desks[1].get("/moderation/live")) as second,
    ):
        streams = [first.iter_encoded(), second.iter_encoded()]
        begun = [next(stream) + next(stream) for stream in streams]
        with count_queries() as counted:
            for _second in range(5):
                clock.shift(1)
                assert [next(stream) for stream in streams] == [b":\n\n"] * 2
    assert all(b"data: " in part for part in begun)
    assert counted.total == 5, counted


def test_what_happens_while_a_stream_rests_is_told_at_the_next_look(as_: As) -> None:
    ruth, comment = make_account(Role.MODERATOR, name="Ruth"), make_comment(status=Status.PENDING)
    with closing(as_(make_account(Role.MODERATOR)).get("/moderation/live")) as answer:
        stream = answer.iter_encoded()
        assert b'"waiting": "1"' in next(stream) + next(stream)
        decide(comment, Decision(Verb.APPROVE, ruth), version=1)
        db.session.commit()
        told = next(stream).decode()
    assert '"waiting": "0"' in told
    assert f'[[{comment.id}, "approve", "Ruth"]]' in told


def test_who_comes_when_all_places_are_taken_is_sent_to_ask(as_: As) -> None:
    desk = as_(make_account(Role.MODERATOR))
    with closing(desk.get("/moderation/live")) as first:
        assert first.status_code == 200
        assert desk.get("/moderation/live").status_code == 204
    again = desk.get("/moderation/live")
    assert again.status_code == 200
    again.close()


def test_streams_leave_most_of_the_servers_threads_free() -> None:
    assert live.MOST_STREAMS * 4 <= THREADS


def test_a_place_that_nobody_gave_back_is_free_after_a_while() -> None:
    places = live.Places(1)
    assert places.take() is not None
    assert places.take() is None
    places._taken = {key: time.now() - timedelta(seconds=1) for key in places._taken}
    assert places.take() is not None


def test_a03_the_stream_ends_for_who_may_not_look_any_more(app: Flask, as_: As) -> None:
    ruth = make_account(Role.MODERATOR)
    desk = as_(ruth)
    with closing(desk.get("/moderation/live")) as answer:
        ruth.role = Role.READER
        db.session.commit()
        assert messages(answer.text) == []


def test_the_counts_on_request_say_the_same(as_: As) -> None:
    ruth, tomasz = make_account(Role.MODERATOR, name="Ruth"), make_account(Role.MODERATOR)
    comment = make_comment(status=Status.PENDING)
    as_(ruth).submit(f"/moderation/{comment.id}/open")
    desk = as_(tomasz)
    since = int((time.now() - timedelta(minutes=1)).timestamp())

    told = desk.get(f"/moderation/counts?since={since}").json

    assert told["lanes"]["waiting"] == "1"
    assert told["open"] == {str(comment.id): ["Ruth"]}
    assert told["new"] == [comment.id]
    assert told["acts"] == []


def test_what_others_decided_is_told_once_and_ones_own_is_not(as_: As) -> None:
    ruth, tomasz = make_account(Role.MODERATOR, name="Ruth"), make_account(Role.MODERATOR)
    article = make_article()
    first, second = (make_comment(status=Status.PENDING, article=article) for _ in range(2))
    desk = as_(tomasz)
    entry = desk.get("/moderation/counts").json["entry"]
    decide(first, Decision(Verb.APPROVE, ruth), version=1)
    decide(second, Decision(Verb.SPAM, tomasz), version=1)

    told = desk.get(f"/moderation/counts?entry={entry}").json

    assert told["acts"] == [[first.id, "approve", "Ruth"]]
    assert desk.get(f"/moderation/counts?entry={told['entry']}").json["acts"] == []


def test_an_opening_fades_after_two_minutes_and_moves_with_its_owner(app: Flask) -> None:
    ruth = make_account(Role.MODERATOR, name="Ruth")
    article = make_article()
    first, second = (make_comment(status=Status.PENDING, article=article) for _ in range(2))
    for comment in (first, first, second):
        watching.open_item(comment.id, ruth)
    db.session.commit()
    assert watching.opened_by(watching.colleagues(Seat())) == {second.id: ["Ruth"]}

    db.session.query(watching.Opening).update({"at": time.now() - timedelta(minutes=3)})
    db.session.commit()
    assert watching.opened_by(watching.colleagues(Seat())) == {}


@pytest.mark.parametrize("query", ["since=x&entry=y", "since=999999999999&entry=999999999999"])
def test_p11_broken_numbers_are_none(as_: As, query: str) -> None:
    desk = as_(make_account(Role.MODERATOR))

    assert desk.get(f"/moderation/counts?{query}").status_code == 200
