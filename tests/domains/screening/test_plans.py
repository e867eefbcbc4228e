"""The plan of the intake as it is stored and read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domains.screening import plans
from app.domains.screening.errors import UnfitPlan
from app.engines.spam.intake import DEFAULT_PLAN
from app.engines.spam.plan import Limits, Plan, Setting
from app.infra import stored_settings
from app.infra.db import db
from app.infra.stored_settings import ChangedMeanwhile
from tests.factories import make_account

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_database]


def store(value: dict[str, Any]) -> Plan:
    stored_settings.write(plans.NAME, value, seen=plans.seen()[1], by=make_account("admin"))
    db.session.commit()
    return plans.current()


def test_a_site_starts_with_the_default_plan() -> None:
    assert plans.seen() == (DEFAULT_PLAN, 0)


def test_a_plan_comes_back_as_it_was_set() -> None:
    first, second, *rest = DEFAULT_PLAN.settings
    plan = Plan(
        (replace(second, weight=3), replace(first, is_on=False), *rest),
        Limits(likeness=0.9, links_too_many=3),
    )
    plans.change(plan, seen=0, by=make_account("admin"))
    db.session.commit()
    assert plans.seen() == (plan, 1)


def test_a_plan_that_turns_honest_texts_away_is_refused() -> None:
    with pytest.raises(UnfitPlan):
        plans.change(replace(DEFAULT_PLAN, limits=Limits(spam_from=5)), seen=0, by=make_account())
    assert plans.seen() == (DEFAULT_PLAN, 0)


def test_of_two_who_change_it_at_once_the_second_is_refused() -> None:
    admin = make_account("admin")
    plans.change(DEFAULT_PLAN, seen=0, by=admin)
    with pytest.raises(ChangedMeanwhile):
        plans.change(DEFAULT_PLAN, seen=0, by=admin)


def test_names_that_this_release_does_not_know_are_left_out() -> None:
    plan = store(
        {
            "limits": {"links_too_many": 5, "phase_of_the_moon": 3},
            "checks": [{"name": "astrology", "weight": 5}, {"name": "links", "weight": 7}],
            "colour": "blue",
        }
    )
    assert plan.limits == Limits(links_too_many=5)
    assert Setting("links", 7) in plan.settings
    assert {one.name for one in plan.settings} == {one.name for one in DEFAULT_PLAN.settings}


def test_a_check_that_came_with_a_later_release_stands_where_it_starts() -> None:
    checks = [
        {"name": one.name, "weight": one.weight, "is_on": True}
        for one in DEFAULT_PLAN.settings
        if one.name != "measure"
    ]
    assert store({"checks": checks}) == DEFAULT_PLAN


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"limits": None, "checks": None},
        {"limits": [], "checks": {"links": 5}},
        {"limits": {"hold_from": "many", "likeness": True}, "checks": [None, 5, {"weight": 1}]},
        {"limits": {"spam_from": 0}},
        {"checks": [{"name": "links", "weight": "heavy"}, {"name": "links", "weight": 1}]},
        {"checks": [{"name": "links", "weight": -5}]},
    ],
)
def test_what_cannot_be_read_or_would_harm_is_as_it_starts(value: dict[str, Any]) -> None:
    assert set(store(value).settings) == set(DEFAULT_PLAN.settings)
    assert plans.current().limits == Limits()
