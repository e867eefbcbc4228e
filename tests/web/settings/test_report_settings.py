"""The settings of what readers can report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.domains.accounts.models import Account
from app.domains.moderation.models import Report
from app.domains.moderation.reported import report_settings
from app.infra.audit import AuditEntry
from app.infra.db import db
from tests.factories import make_account, make_comment
from tests.support.client import Browser

As = Callable[[Account], Browser]


def save(browser: Browser, reasons: str, threshold: str = "5", version: str = "0") -> int:
    fields = {"reasons": reasons, "threshold": threshold, "version": version}
    return browser.submit("/settings/reports", **fields).status_code


def test_an_admin_changes_the_list_and_readers_see_it(as_: As, client: Browser) -> None:
    admin, comment = as_(make_account("admin")), make_comment()
    assert save(admin, "Advertising or spam\nTells a patient's name") == 303
    page = client.get(f"/comments/{comment.id}/report").text
    assert "Tells a patient" in page
    assert "Something else" in page
    assert "Unkind to a person" not in page


def test_the_page_links_from_the_list_of_settings(as_: As) -> None:
    assert "/settings/reports" in as_(make_account("admin")).get("/settings/").text


def test_a_reason_that_stays_keeps_its_key_and_one_that_went_is_still_read(
    as_: As, client: Browser
) -> None:
    comment = make_comment()
    client.submit(f"/comments/{comment.id}/report", reason="unkind")
    save(as_(make_account("admin")), "Advertising or spam\nA new one")
    settings = report_settings.current()
    assert list(settings.reasons) == ["spam", "a-new-one", "other"]
    assert settings.words_for(db.session.scalars(select(Report.reason)).one()) == (
        "Unkind to a person"
    )


def test_a_reason_that_the_site_did_not_write_is_said_to_whoever_reads(as_: As) -> None:
    comment = make_comment()
    as_(make_account(language="es")).submit(f"/comments/{comment.id}/report", reason="unkind")
    typed = "Unfreundlich zu jemandem\nWerbung oder Spam\nTells a name\nEtwas anderes"
    admin = as_(make_account("admin", language="de"))
    assert "Werbung oder Spam\nUnfreundlich zu jemandem\n" in admin.get("/settings/reports").text
    assert save(admin, typed) == 303
    assert list(report_settings.current().reasons) == ["unkind", "spam", "tells-a-name", "other"]
    page = as_(make_account(language="es")).get(f"/comments/{comment.id}/report").text
    assert "Poco amable con alguien" in page
    assert "Tells a name" in page
    desk = as_(make_account("moderator", language="de"))
    writer = desk.get(f"/moderation/people/address/{comment.address_id}").text
    assert "<bdi>Unfreundlich zu jemandem</bdi>" in writer


def test_a_reason_that_comes_back_has_its_old_key(as_: As) -> None:
    admin = as_(make_account("admin"))
    save(admin, "Advertising or spam")
    save(admin, "Unkind to a person", version="1")
    assert list(report_settings.current().reasons) == ["unkind", "other"]


def test_two_reasons_of_the_same_letters_have_keys_of_their_own(as_: As) -> None:
    save(as_(make_account("admin")), "Too loud\nToo loud!\nToo loud?")
    assert len(report_settings.current().reasons) == 4


def test_the_threshold_counts_from_then_on(as_: As, client: Browser) -> None:
    admin, comment = as_(make_account("admin")), make_comment()
    save(admin, "Advertising", threshold="1")
    client.submit(f"/comments/{comment.id}/report", reason="advertising")
    db.session.refresh(comment)
    assert comment.status == "pending"


@pytest.mark.parametrize(
    ("reasons", "threshold"),
    [
        ("", "5"),
        ("Something else", "5"),
        ("x" * 81, "5"),
        ("\n".join(f"Reason {number}" for number in range(12)), "5"),
        ("Advertising", "0"),
        ("Advertising", "101"),
        ("Advertising", ""),
        ("Advertising", "many"),
    ],
)
def test_what_cannot_be_offered_is_refused(as_: As, reasons: str, threshold: str) -> None:
    assert save(as_(make_account("admin")), reasons, threshold) == 422
    assert report_settings.current() == report_settings.ReportSettings()


def test_a_change_from_an_old_page_is_refused(as_: As) -> None:
    admin = as_(make_account("admin"))
    assert [save(admin, "One"), save(admin, "Two")] == [303, 409]


def test_a_change_stands_in_the_record(as_: As) -> None:
    admin = make_account("admin")
    save(as_(admin), "Advertising")
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.act, entry.actor_id) == ("change reports", admin.id)
