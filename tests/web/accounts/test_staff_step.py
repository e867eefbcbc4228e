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
from tests.architecture.routes import HOLDERS, MAY_USE
from tests.factories import make_account
from tests.support.client import Browser
from tests.support.second_step import APP, set_up
from tests.support.settings import change_settings

OVERVIEW = "/account/second-step"
OWN = (
    *("second_step_overview", "app_page", "set_app_up", "make_codes", "ask_to_make"),
    *("register_passkey", "show_preferences", "save_preferences", "sign_out", "send_proof"),
    "stranger_out",
)
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
    overview = here.get(OVERVIEW).text
    assert "Set up another first" in overview
    assert "Stop asking for its codes" not in overview
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


@pytest.mark.one_database
def test_what_stays_open_is_what_sets_it_up_and_what_a_mail_opens(app: Flask) -> None:
    reached = {rule.endpoint for rule in app.url_map.iter_rules() if is_open(rule)}
    keyed = {route.split()[1] for route, who in MAY_USE.items() if who == HOLDERS}
    own = {one for one in reached - keyed if one.startswith("accounts.")}
    assert {"mailbox.show", "mailbox.decide", "accounts.not_me", "accounts.reset_now"} <= reached
    assert own == {f"accounts.{name}" for name in OWN}
    others = {one.partition(".")[0] for one in reached - keyed - own}
    assert others == {"assets", "feeds", "health"}


@pytest.mark.parametrize("ways", [1, 2])
@pytest.mark.parametrize("role", [Role.READER, Role.AUTHOR])
@pytest.mark.parametrize("staff_must", [True, False])
def test_only_the_last_way_of_staff_stays(ways: int, role: Role, staff_must: bool) -> None:
    may = policy.may_take_away(Account(role=role), ways, staff_must=staff_must)
    assert may == (not (ways == 1 and staff_must and role == Role.AUTHOR))
