"""Staff set up a second step before they reach anything else, where the site asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.config import read
from app.domains.accounts.factors import policy
from app.domains.accounts.models import Account
from app.domains.accounts.states import STAFF, Role
from app.infra.db import db
from app.web.accounts.staff_step import is_open
from tests.factories import make_account
from tests.support.client import Browser
from tests.support.second_step import APP, set_up
from tests.support.settings import change_settings

OVERVIEW = "/account/second-step"
Enter = Callable[[Account], Browser]
SITE = {"SECRET_KEY": "s" * 40, "PUBLIC_URL": "https://questions.example.org"}
DEMO = {"THRESHOLD_MODE": "demo"}


@pytest.fixture
def asked(app: Flask) -> None:
    change_settings(app, staff_second_factor="1")


@pytest.mark.parametrize(
    ("environment", "asks"),
    [
        (SITE, True),
        ({**SITE, "STAFF_SECOND_FACTOR": "0"}, False),
        (DEMO, False),
        ({**DEMO, "STAFF_SECOND_FACTOR": "1"}, True),
    ],
)
def test_production_asks_its_staff_unless_told_otherwise(
    environment: dict[str, str], asks: bool
) -> None:
    assert read(environment).staff_must_have_second_step == asks


@pytest.mark.one_database
@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_reach_nothing_else_until_they_have_one(as_: Enter, role: str) -> None:
    here = as_(make_account(role))
    for path in ("/", "/account/", "/moderation/", "/author/", "/settings/", "/no-such-page"):
        assert here.get(path).headers["Location"] == OVERVIEW, path
    assert here.submit("/account/", name="Ines Falk").status_code == 403
    answer = here.get("/moderation/counts", headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert "asks its staff for a second step" in here.get(OVERVIEW).text
    assert here.submit("/sign-out").status_code == 303


@pytest.mark.one_database
@pytest.mark.usefixtures("asked")
def test_they_reach_all_of_it_as_soon_as_they_have_one_and_keep_it(as_: Enter) -> None:
    moderator = make_account(Role.MODERATOR)
    here = as_(moderator)
    set_up(here)
    assert here.get("/moderation/").status_code == 200
    answer = here.submit(f"{APP}/off")
    assert answer.status_code == 409
    assert "Set up another first" in answer.text
    assert db.session.get_one(Account, moderator.id).has_second_step


@pytest.mark.one_database
@pytest.mark.usefixtures("asked")
def test_readers_and_guests_are_not_asked(as_: Enter, client: Browser) -> None:
    reader = as_(make_account())
    assert reader.get("/account/").status_code == 200
    assert client.get("/").status_code == 200
    set_up(reader)
    assert reader.submit(f"{APP}/off").status_code == 303


def test_the_desk_and_the_settings_are_open_to_nobody_by_name(app: Flask) -> None:
    """What stays open is what signs out, sets it up, or was opened from a mail."""
    closed = {"articles", "author", "following", "moderation", "questions", "settings"}
    reached = {rule.endpoint for rule in app.url_map.iter_rules() if is_open(rule.endpoint)}
    assert {one.partition(".")[0] for one in reached} & closed <= {"questions"}
    assert not any(one.startswith("accounts.change") for one in reached)


@pytest.mark.parametrize("ways", [1, 2])
@pytest.mark.parametrize("role", [Role.READER, Role.AUTHOR])
@pytest.mark.parametrize("staff_must", [True, False])
def test_only_the_last_way_of_staff_stays(ways: int, role: Role, staff_must: bool) -> None:
    may = policy.may_take_away(Account(role=role), ways, staff_must=staff_must)
    assert may == (not (ways == 1 and staff_must and role == Role.AUTHOR))
