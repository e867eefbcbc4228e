"""What became of suggestions, searches without a result, and how both are forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.infra import clock as now
from app.infra import jobs
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from app.search import forgetting, misses, outcomes
from app.search.alike import Alike
from app.search.models import ASKED_LENGTH, Outcome, SearchMiss

pytestmark = pytest.mark.usefixtures("app")


def alike(kind: str = "card", ref: int = 1) -> Alike:
    return Alike(
        kind=kind,
        ref=ref,
        title="A card",
        href="/answers/a-card",
        score=0.9,
        by_words=0.75,
        by_meaning=0.5,
        because=("clicks",),
        tags=(),
    )


def rows() -> list[Outcome]:
    return list(db.session.scalars(select(Outcome).order_by(Outcome.id)))


def counted() -> dict[str, int]:
    db.session.expire_all()
    found = db.session.execute(select(SearchMiss.asked, SearchMiss.times))
    return {row.asked: row.times for row in found}


def miss(*texts: str) -> None:
    for text in texts:
        with unit_of_work():
            misses.count(text)


def test_what_was_taken_is_noted_with_its_rank_and_its_reasons() -> None:
    with unit_of_work():
        outcomes.taken("desk", "My hip clicks", alike(), 2)
    (row,) = rows()
    assert (row.place, row.asked, row.kind, row.ref, row.rank, row.taken) == (
        "desk",
        "My hip clicks",
        "card",
        1,
        2,
        True,
    )
    assert (row.by_words, row.by_meaning) == (0.75, 0.5)


def test_what_was_shown_beside_it_is_noted_as_not_taken() -> None:
    found = [alike(ref=7), alike("article", 7), alike(ref=9)]
    with unit_of_work():
        outcomes.shown("step", "My hip clicks", found, but=("article", 7))
    assert [(row.kind, row.ref, row.rank, row.taken) for row in rows()] == [
        ("card", 7, 1, False),
        ("card", 9, 3, False),
    ]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("Write to anna@example.com please", "Write to please"),
        ("See https://example.com/anna or www.example.com now", "See or now"),
        ("Call +46 70-123 45 67 at L4 or 10k", "Call at L4 or 10k"),
        ("nul\0s and\nlines", "nuls and lines"),
        ("", ""),
    ],
)
def test_no_address_link_or_number_is_kept_of_a_question(asked: str, kept: str) -> None:
    assert outcomes.first_words(asked) == kept


@given(st.text(max_size=2_000))
def test_the_words_that_are_kept_fit_and_name_no_address(asked: str) -> None:
    kept = outcomes.first_words(asked)
    assert len(kept) <= ASKED_LENGTH
    assert "@" not in kept
    assert "\0" not in kept


def test_a_miss_is_counted_by_its_telling_words() -> None:
    miss("Snapping hip", "What is a SNAPPING hip?", "bursa")
    assert counted() == {"snapping hip": 2, "bursa": 1}


@pytest.mark.parametrize("text", ["", "  ", "a", "?!", "anna@example.com", "🦵"])
def test_what_tells_nothing_or_may_be_an_address_is_not_counted(text: str) -> None:
    miss(text)
    assert counted() == {}


def test_the_longest_search_is_counted_by_its_beginning() -> None:
    miss("hip" * 10_000)
    assert [len(asked) for asked in counted()] == [ASKED_LENGTH]


def test_a_full_table_leaves_out_what_was_asked_least_and_longest_ago(
    monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> None:
    monkeypatch.setattr(misses, "MOST", 3)
    for text in ("bursa", "psoas", "psoas", "femur", "labrum"):
        miss(text)
        clock.shift(60)
    assert counted() == {"psoas": 2, "femur": 1, "labrum": 1}


def test_after_a_year_both_are_forgotten(app: Flask, clock: time_machine.Traveller) -> None:
    with unit_of_work():
        outcomes.taken("desk", "An old one", alike(), 1)
    miss("bursa")
    clock.shift(timedelta(days=366))
    with unit_of_work():
        outcomes.taken("desk", "A new one", alike(), 1)
    miss("psoas")

    assert forgetting.forget_old() == 2

    assert [row.asked for row in rows()] == ["A new one"]
    assert list(counted()) == ["psoas"]


def test_the_worker_forgets_once_a_day(app: Flask) -> None:
    assert app.extensions["periods"][forgetting.FORGET] == timedelta(days=1)
    with unit_of_work():
        db.session.add(SearchMiss(asked="bursa", last_at=now.now() - timedelta(days=400)))
        jobs.enqueue(forgetting.FORGET, {})

    jobs.run_due(app.extensions["jobs"])

    assert counted() == {}
