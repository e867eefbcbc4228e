"""Rows of statements that are asked again: the same as the library's own, by a shorter way."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, bindparam, func, select, text
from sqlalchemy.exc import DBAPIError

from app.domains.tags.models import Tag
from app.infra import planned
from app.infra.db import UtcDateTime, db, rows_of
from app.infra.happenings import Happening
from app.infra.unit_of_work import unit_of_work
from tests.infra.conftest import add_tag
from tests.support.queries import count_queries

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TIMES = 4
"""The first two go the library's way, and by the second it is known."""


def _is_planned(asked: Select[Any], **lengths: int) -> bool:
    """Whether the shorter way is known for lists of these lengths, in the order they were given."""
    plans = planned._plans(db.session.connection().dialect)[asked]
    return plans.get(tuple(lengths.items())) is not None


@pytest.fixture
def happenings(bench: Flask) -> None:
    with unit_of_work():
        for number in range(3):
            at = NOW + timedelta(days=number)
            db.session.add(Happening(kind=f"k{number}", facts={"number": number}, at=at))


def test_times_and_json_come_as_the_library_brings_them(happenings: None) -> None:
    asked = (
        select(Happening.kind, Happening.facts, Happening.at.label("moment"))
        .where(Happening.at >= bindparam("since", type_=UtcDateTime), Happening.kind != "k2")
        .order_by(Happening.id)
    )
    values = {"since": NOW + timedelta(hours=1), "not asked for": 1}

    found = [rows_of(asked, values) for _ in range(TIMES)]

    assert found == [db.session.execute(asked, values).all()] * TIMES
    (row,) = found[-1]
    assert (row.kind, row.facts, row.moment) == ("k1", {"number": 1}, NOW + timedelta(days=1))


def test_each_asking_has_its_own_values(happenings: None) -> None:
    asked = select(Happening.id).where(Happening.kind == bindparam("kind"))

    found = [rows_of(asked, {"kind": f"k{number % 3}"}) for number in range(6)]

    assert [row.id for rows in found for row in rows] == [1, 2, 3] * 2


def test_statements_that_differ_in_a_value_only_are_told_apart(happenings: None) -> None:
    asked = [select(Happening.kind).where(Happening.id == number) for number in (1, 2, 3)]

    for _ in range(TIMES):
        assert [rows_of(one)[0].kind for one in asked] == ["k0", "k1", "k2"]


def test_lists_that_stand_in_the_statement_stay_in_it(happenings: None) -> None:
    asked = [
        select(Happening.kind)
        .where(Happening.kind.in_(kinds), Happening.id >= bindparam("least"))
        .order_by(Happening.id)
        for kinds in (["k0", "k1", "k2"], ["k0", "k2"])
    ]

    for _ in range(TIMES):
        assert [row.kind for row in rows_of(asked[0], {"least": 2})] == ["k1", "k2"]
        assert [row.kind for row in rows_of(asked[1], {"least": 1})] == ["k0", "k2"]
    assert all(_is_planned(one) for one in asked)


def test_what_the_library_writes_into_the_text_is_no_parameter_of_it(happenings: None) -> None:
    asked = select(func.aggregate_strings(Happening.kind, ", ").label("kinds")).where(
        Happening.id >= bindparam("least"), Happening.kind != "k3"
    )

    for _ in range(TIMES):
        (row,) = rows_of(asked, {"least": 2})
        assert sorted(row.kinds.split(", ")) == ["k1", "k2"]
    assert _is_planned(asked)


def test_a_list_of_any_length_may_be_given(happenings: None) -> None:
    asked = select(Happening.id).where(Happening.id.in_(bindparam("ids", expanding=True)))

    for _ in range(TIMES):
        found = [len(rows_of(asked, {"ids": ids})) for ids in ([1], [1, 2], [2, 3], [1, 2, 3], [])]
        assert found == [1, 2, 2, 3, 0]
    assert [many for many in range(5) if _is_planned(asked, ids=many)] == [1, 2, 3]


def test_what_lists_hold_goes_to_the_database_as_the_library_sends_it(happenings: None) -> None:
    moments = bindparam("at", expanding=True, type_=UtcDateTime)
    kinds = bindparam("kinds", expanding=True)
    asked = (
        select(Happening.kind, Happening.at)
        .where(Happening.kind != bindparam("not_this"), Happening.kind.in_(kinds))
        .where(Happening.at.in_(moments), Happening.kind.in_(kinds), Happening.id > 1)
    )
    days = [NOW + timedelta(days=number) for number in range(3)]
    names = ["k0", "k1", "k2"]

    for without, left in ("k1", ["k2"]), ("k2", ["k1"]), ("x", ["k1", "k2"]), ("k1", ["k2"]):
        values = {"at": days, "kinds": names, "not_this": without}
        found = rows_of(asked, values)
        assert found == db.session.execute(asked, values).all()
        assert sorted(row.kind for row in found) == left
    assert _is_planned(asked, at=3, kinds=3)


def test_no_more_plans_are_kept_of_a_statement_than_fit(
    happenings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "MOST_LENGTHS", 2)
    asked = select(Happening.id).where(Happening.id.in_(bindparam("ids", expanding=True)))

    for _ in range(TIMES):
        assert [len(rows_of(asked, {"ids": [1, 2, 3][:most]})) for most in (1, 2, 3)] == [1, 2, 3]
    assert len(planned._plans(db.session.connection().dialect)[asked]) == 2


def test_a_value_that_is_found_when_asked_is_found_each_time(bench: Flask) -> None:
    numbers = iter(range(10))
    asked: Select[int] = select(
        bindparam("number", callable_=lambda: next(numbers)).label("number")
    )

    found = [rows_of(asked)[0].number for _ in range(TIMES)]

    assert found == sorted(set(found))


def test_a_value_that_was_forgotten_is_no_older_one(happenings: None) -> None:
    asked = select(Happening.id).where(Happening.kind == bindparam("kind"))
    for _ in range(TIMES):
        rows_of(asked, {"kind": "k1"})

    with pytest.raises(KeyError):
        rows_of(asked)


def test_whoever_listens_to_statements_hears_each_of_them(bench: Flask) -> None:
    asked = select(func.count()).select_from(Tag)

    with count_queries() as counted:
        for _ in range(TIMES):
            rows_of(asked)

    assert counted.total == TIMES
    assert len(set(counted.statements)) == 1


def test_what_the_transaction_wrote_is_seen(bench: Flask) -> None:
    asked = select(Tag.name)
    for _ in range(TIMES):
        rows_of(asked)
    with unit_of_work():
        add_tag("knee")

        assert [row.name for row in rows_of(asked)] == ["knee"]


def test_the_drivers_faults_come_as_the_librarys(bench: Flask) -> None:
    asked = select(func.count()).select_from(text("passing"))
    with unit_of_work():
        db.session.execute(text("CREATE TEMPORARY TABLE passing (id INTEGER)"))
        for _ in range(TIMES):
            rows_of(asked)
        db.session.execute(text("DROP TABLE passing"))

        with pytest.raises(DBAPIError, match="passing"):
            rows_of(asked)
        db.session.rollback()


def test_nothing_is_kept_of_a_statement_that_nobody_keeps(bench: Flask) -> None:
    rows_of(select(Tag.slug))  # the library keeps the first of equal ones
    plans = planned._plans(db.session.connection().dialect)
    gc.collect()
    many = len(plans)

    for _ in range(TIMES):
        rows_of(select(Tag.slug))
    gc.collect()

    assert len(plans) == many
