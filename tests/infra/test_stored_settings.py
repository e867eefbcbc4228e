"""Settings that are changed in the browser."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.infra import stored_settings
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account

pytestmark = pytest.mark.usefixtures("app")


def test_a_setting_nobody_touched_is_not_there() -> None:
    assert stored_settings.read("intake") == (None, 0)


def test_a_change_is_read_back_with_its_number() -> None:
    admin = make_account("admin")
    stored_settings.write("intake", {"hold_from": 10}, seen=0, by=admin)
    stored_settings.write("intake", {"hold_from": 20}, seen=1, by=admin)
    assert stored_settings.read("intake") == ({"hold_from": 20}, 2)


def test_a_change_from_an_old_page_is_refused() -> None:
    admin = make_account("admin")
    stored_settings.write("intake", {"hold_from": 10}, seen=0, by=admin)
    with pytest.raises(stored_settings.ChangedMeanwhile):
        stored_settings.write("intake", {"hold_from": 20}, seen=0, by=admin)


def test_every_change_stands_in_the_record_with_before_and_after() -> None:
    admin = make_account("admin")
    stored_settings.write("intake", {"hold_from": 10}, seen=0, by=admin)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.actor_id) == ("change intake", admin.id)
    assert entry.detail == {"before": None, "after": {"hold_from": 10}}
