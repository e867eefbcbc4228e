"""Changing one's name: its trail, how often, and names that stay out of reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.domains.accounts import naming, queries, services
from app.domains.accounts.errors import MixedAlphabets, NamedTooOften, NameTaken
from app.domains.accounts.models import Account
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.db import db
from app.infra.unit_of_work import unit_of_work
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("app")


def rename(account: Account, name: str) -> None:
    with unit_of_work():
        services.change_profile(db.session.get_one(Account, account.id), name=name, bio="")


def trail_of(account: Account) -> list[tuple[str, str]]:
    return [(one.old_name, one.new_name) for one in naming.names_given_up(account)]


def test_a_change_of_name_leaves_its_trail_and_a_row_in_the_record() -> None:
    account = make_account(name="Anna")
    rename(account, "Berta")
    rename(account, "Clara")
    assert trail_of(account) == [("Berta", "Clara"), ("Anna", "Berta")]
    renamed = select(AuditEntry).where(AuditEntry.act == "rename").order_by(AuditEntry.id)
    entries = db.session.scalars(renamed).all()
    assert [one.detail for one in entries] == [
        {"before": "Anna", "after": "Berta"},
        {"before": "Berta", "after": "Clara"},
    ]
    assert {(one.actor_id, one.subject_id) for one in entries} == {(account.id, account.id)}


def test_a_name_that_stays_leaves_no_trail() -> None:
    account = make_account(name="Anna")
    rename(account, "Anna")
    assert trail_of(account) == []


def test_a_name_is_changed_three_times_a_month_and_again_afterwards() -> None:
    account = make_account(name="Anna")
    now = clock.now()
    for number, name in enumerate(("Berta", "Clara", "Dora")):
        with time_machine.travel(now + timedelta(days=number), tick=False):
            rename(account, name)
    then = time_machine.travel(now + timedelta(days=29), tick=False)
    with then, pytest.raises(NamedTooOften):
        rename(account, "Emma")
    with time_machine.travel(now + timedelta(days=30, seconds=1), tick=False):
        rename(account, "Emma")
    assert db.session.get_one(Account, account.id).name == "Emma"


def test_u01_a_name_given_up_is_nobody_elses_for_a_month() -> None:
    account, other = make_account(name="Anna Berg"), make_account(name="Otto")
    rename(account, "Clara Berg")
    with pytest.raises(NameTaken):
        rename(other, "Anna B\u0435rg")
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        rename(other, "Anna Berg")


def test_ones_own_former_name_can_be_taken_back() -> None:
    account = make_account(name="Anna")
    rename(account, "Clara")
    rename(account, "Anna")
    assert db.session.get_one(Account, account.id).name == "Anna"


def test_u01_a_name_of_two_alphabets_is_refused_in_words() -> None:
    account = make_account(name="Anna")
    with pytest.raises(MixedAlphabets):
        rename(account, "Cl\u0430ra")
    with pytest.raises(MixedAlphabets), unit_of_work():
        services.register(name="Cl\u0430ra", email="new@example.com", password_hash="x")


@pytest.mark.parametrize(
    "name", ["Standing Well", "standing-well team", "St\u0430nding Well", "Help Desk", "he1p d3sk"]
)
def test_u01_nobody_is_called_like_the_site_or_what_its_operator_reserves(
    app: Flask, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = replace(app.extensions["settings"], reserved_names=("Help Desk",))
    monkeypatch.setitem(app.extensions, "settings", settings)
    assert queries.name_looks_like_staff(name)
    with pytest.raises(NameTaken), unit_of_work():
        services.register(name=name, email="new@example.com", password_hash="x")
