"""All of an act, or nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domains.tags.models import Tag
from app.infra import events
from app.infra.db import db
from app.infra.jobs import Job, enqueue
from app.infra.unit_of_work import unit_of_work
from tests.infra.conftest import add_tag, tag_names
from tests.support.client import Browser


@dataclass(frozen=True)
class TagPut:
    name: str


@pytest.mark.parametrize("ending", ["done", "redirect"])
def test_an_answer_below_400_commits(visitor: Browser, ending: str) -> None:
    assert visitor.submit(f"/bench/act/{ending}").status_code < 400

    assert tag_names() == ["hip"]


@pytest.mark.parametrize(
    ("ending", "status"),
    [("unprocessable", 422), ("refusal", 409), ("missing", 404), ("fault", 500)],
)
def test_an_answer_of_400_and_above_leaves_nothing_written(
    visitor: Browser, ending: str, status: int
) -> None:
    assert visitor.submit(f"/bench/act/{ending}").status_code == status

    assert tag_names() == []


def test_a_view_with_its_own_unit_decides_for_itself(visitor: Browser) -> None:
    assert visitor.submit("/bench/own").status_code == 422

    assert tag_names() == ["hip"]


def test_an_exception_rolls_back_and_goes_on_up(bench: Flask) -> None:
    with pytest.raises(KeyError), unit_of_work():
        add_tag()
        raise KeyError

    assert tag_names() == []


def test_a_unit_inside_another_is_refused(bench: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside another"), unit_of_work():
        add_tag()
        with unit_of_work():
            add_tag("knee")

    assert tag_names() == []


def test_handlers_write_in_the_transaction_of_the_event(bench: Flask) -> None:
    bench.extensions["reactions"] = {TagPut: [lambda event: enqueue("tell", {"tag": event.name})]}

    with unit_of_work():
        add_tag()
        events.record(TagPut("hip"))

    assert db.session.scalars(select(Job.payload)).all() == [{"tag": "hip"}]


def test_a_failing_handler_takes_its_cause_with_it(bench: Flask) -> None:
    def fail(_event: TagPut) -> None:
        raise LookupError

    bench.extensions["reactions"] = {
        TagPut: [lambda event: enqueue("tell", {"tag": event.name}), fail]
    }

    with pytest.raises(LookupError), unit_of_work():
        add_tag()
        events.record(TagPut("hip"))

    assert tag_names() == []
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_handler_that_records_an_event_is_a_fault(bench: Flask) -> None:
    bench.extensions["reactions"] = {TagPut: [lambda _event: events.record(TagPut("knee"))]}

    with pytest.raises(RuntimeError, match="one hop"), unit_of_work():
        add_tag()
        events.record(TagPut("hip"))

    assert tag_names() == []


def test_events_of_a_unit_that_failed_are_forgotten(bench: Flask) -> None:
    told: list[str] = []
    bench.extensions["reactions"] = {TagPut: [lambda event: told.append(event.name)]}
    with pytest.raises(KeyError), unit_of_work():
        events.record(TagPut("hip"))
        raise KeyError

    with unit_of_work():
        events.record(TagPut("knee"))

    assert told == ["knee"]


def test_what_was_read_before_a_unit_is_read_again_in_it(bench: Flask) -> None:
    with unit_of_work():
        add_tag()
    tag = db.session.scalars(select(Tag)).one()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(Tag.__table__.update().values(description="a joint"))

    with unit_of_work():
        assert tag.description == "a joint"
