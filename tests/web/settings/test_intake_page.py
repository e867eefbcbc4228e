"""The page on which an admin sets what the intake looks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from app.domains.accounts.models import Account
from app.domains.accounts.states import Role
from app.domains.screening import plans
from app.engines.spam.checks import CHECKS
from app.engines.spam.intake import DEFAULT_PLAN
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.web.settings.intake_form import LIMITS, key_of
from tests.factories import make_account
from tests.support.client import Browser

As = Callable[[Account], Browser]
PAGE = "/settings/intake"


@pytest.fixture
def admin(as_: As) -> Browser:
    return as_(make_account(Role.ADMIN))


def typed(**changes: str) -> dict[str, str]:
    """All fields as they are first drawn, with some typed over; an empty one is switched off."""
    start = DEFAULT_PLAN.limits
    fields = {limit.name: limit.shown(getattr(start, limit.name)) for limit in LIMITS}
    for place, check in enumerate(CHECKS, start=1):
        key = key_of(check.name)
        fields |= {f"weight_{key}": str(check.weight), f"place_{key}": str(place), f"on_{key}": "y"}
    return {name: text for name, text in {**fields, "version": "0", **changes}.items() if text}


def setting(name: str) -> tuple[int, bool]:
    (found,) = [one for one in plans.current().settings if one.name == name]
    return found.weight, found.is_on


def test_every_check_stands_there_with_its_sentence_and_weight(admin: Browser) -> None:
    page = admin.get(PAGE).text
    for check in CHECKS:
        assert f"<legend>{check.name.capitalize()}</legend>" in page
        assert f'name="weight_{key_of(check.name)}"' in page


def test_the_list_of_settings_names_it(admin: Browser) -> None:
    assert f'href="{PAGE}"' in admin.get("/settings/").text


def test_saving_what_is_drawn_changes_nothing(admin: Browser) -> None:
    assert admin.submit(PAGE, **typed()).status_code == 303
    assert plans.current() == DEFAULT_PLAN


def test_a_weight_a_switch_and_a_limit_are_kept_and_recorded(admin: Browser) -> None:
    changes = {"weight_links": "50", "on_shouting": "", "likeness": "90", "seconds_too_few": "1,5"}
    assert admin.submit(PAGE, **typed(**changes)).status_code == 303
    assert setting("links") == (50, True)
    assert setting("shouting") == (15, False)
    assert plans.current().limits.likeness == 0.9
    assert plans.current().limits.seconds_too_few == 1.5
    (entry,) = db.session.query(AuditEntry).filter_by(act="change intake").all()
    assert entry.detail["after"]["limits"]["likeness"] == 0.9


def test_places_order_the_checks(admin: Browser) -> None:
    admin.submit(PAGE, **typed(place_address_not_proven="1", place_red_flag="2"))
    names = [one.name for one in plans.current().settings]
    assert names[:3] == ["address not proven", "red flag", "measure"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("weight_links", "-1"),
        ("weight_links", "many"),
        ("weight_links", "1.5"),
        ("weight_links", "1001"),
        ("place_links", "0"),
        ("hold_from", "0"),
        ("likeness", "101"),
        ("likeness", "80.5"),
        ("seconds_too_few", "61"),
        ("looks_from", "٩٩"),
    ],
)
def test_a_bad_number_is_refused_at_its_field_and_stays_typed(
    admin: Browser, name: str, text: str
) -> None:
    answer = admin.submit(PAGE, **typed(**{name: text}))
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert f'value="{text}"' in answer.text
    assert plans.seen() == (DEFAULT_PLAN, 0)


def test_a_number_left_out_is_refused(admin: Browser) -> None:
    assert admin.submit(PAGE, **typed(hold_from="")).status_code == 422


def test_whole_numbers_may_have_a_point(admin: Browser) -> None:
    admin.submit(PAGE, **typed(weight_links="40.0", place_links="1.0"))
    assert setting("links") == (40, True)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weight_first_comments": "100"}, "Every first text of a new writer would be spam"),
        ({"approved_enough": "1000"}, "Every text of a known writer would be held"),
        ({"weight_looks_like_spam": "90"}, "The model alone would send"),
        ({"spam_from": "60"}, "must be higher"),
    ],
)
def test_settings_that_turn_honest_texts_away_are_refused_with_a_sentence(
    admin: Browser, changes: dict[str, str], sentence: str
) -> None:
    answer = admin.submit(PAGE, **typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert plans.seen() == (DEFAULT_PLAN, 0)


def test_a_page_that_is_out_of_date_is_refused_with_what_was_typed(admin: Browser) -> None:
    admin.submit(PAGE, **typed(weight_links="50"))
    answer = admin.submit(PAGE, **typed(weight_links="60"))
    assert answer.status_code == 409
    assert "Somebody else changed these settings meanwhile" in answer.text
    assert 'value="60"' in answer.text
    assert setting("links") == (50, True)


def test_letting_strangers_in_is_possible_and_said(admin: Browser) -> None:
    admin.submit(PAGE, **typed(on_first_comments="", on_address_not_proven=""))
    assert "texts by people nobody knows are published at once" in admin.get(PAGE).text


@pytest.mark.parametrize("role", [Role.READER, Role.MODERATOR, Role.AUTHOR])
def test_nobody_but_admins_gets_there(app: Flask, as_: As, role: str) -> None:
    browser = as_(make_account(role))
    assert browser.get(PAGE).status_code == 403
    assert browser.submit(PAGE, **typed()).status_code == 403
